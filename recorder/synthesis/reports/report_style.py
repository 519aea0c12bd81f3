"""The style sheet of the report of a synthesis: light and dark, wide and narrow, on paper."""

from __future__ import annotations

from typing import Final

STYLE: Final = """
:root{color-scheme:light dark;--paper:#fff;--band:#f5f7fa;--ink:#1c2530;--faint:#66727f;--line:#dde2e9;--mark:#fff4da;
--good:#1c7f5f;--some:#a66a00;--bad:#b3261e;--link:#2563b8;--told:#8a6fb0}
@media(prefers-color-scheme:dark){:root{--paper:#14181e;--band:#1b2129;--ink:#e5e9ef;--faint:#98a4b2;--line:#303945;
--mark:#3a3017;--good:#4fc39a;--some:#e0a742;--bad:#f0837b;--link:#7fb2f5;--told:#b9a3dc}}
*{box-sizing:border-box}
html{scroll-behavior:smooth}
body{margin:0;background:var(--paper);color:var(--ink);
font:15px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
.page{max-width:1080px;margin:0 auto;padding:36px 28px 72px}
h1{font-size:27px;line-height:1.2;font-weight:680;letter-spacing:-.01em;margin:0 0 6px;overflow-wrap:anywhere}
h2{font-size:19px;font-weight:660;margin:52px 0 6px}
h3{font-size:15px;font-weight:640;margin:22px 0 6px}
p{margin:0 0 10px}
.faint{color:var(--faint)}
.verdict{font-size:17px;margin:22px 0 10px}
code,pre,.mono{font:13px/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
code{overflow-wrap:anywhere}
pre{margin:8px 0 0;padding:12px 14px;background:var(--band);border-radius:8px;overflow-x:auto;max-height:420px}
a{color:var(--link);text-decoration:none}
a:hover{text-decoration:underline}
a:focus-visible,summary:focus-visible{outline:2px solid var(--link);outline-offset:2px;border-radius:3px}
.bar{display:block;width:100%;height:14px;border-radius:7px;overflow:hidden;background:var(--line)}
.small.bar{height:6px;border-radius:3px;min-width:64px}
.legend{display:flex;flex-wrap:wrap;gap:4px 22px;margin:9px 0 0;padding:0;list-style:none;font-size:14px}
.legend b{font-variant-numeric:tabular-nums}
.dot{display:inline-block;width:10px;height:10px;border-radius:3px;margin-right:7px}
.learnt{background:var(--good);fill:var(--good)}.told{background:var(--told);fill:var(--told)}
.good{color:var(--good);fill:var(--good)}.some{color:var(--some);fill:var(--some)}.bad{color:var(--bad);fill:var(--bad)}
.counts{display:grid;grid-template-columns:repeat(auto-fit,minmax(118px,1fr));gap:1px;margin:26px 0 0;padding:0;
list-style:none;border:1px solid var(--line);border-radius:10px;overflow:hidden}
.counts li{box-shadow:0 0 0 1px var(--line);padding:12px 16px}
.counts b{display:block;font-size:22px;line-height:1.25;font-weight:650;font-variant-numeric:tabular-nums}
.counts span{color:var(--faint);font-size:13px}
table{border-collapse:collapse;width:100%;margin:12px 0 0;font-size:14px}
th{font-weight:600;color:var(--faint);font-size:12.5px;text-align:left;padding:6px 14px 6px 0;
border-bottom:1px solid var(--line)}
td{padding:8px 14px 8px 0;border-bottom:1px solid var(--line);vertical-align:top}
td:last-child,th:last-child{padding-right:0}
td.number{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
th.number{text-align:right}
.method{display:inline-block;min-width:50px;font:600 11.5px/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
.call{display:flex;gap:10px;align-items:baseline}
.GET{color:var(--link)}.POST{color:var(--good)}.PUT,.PATCH{color:var(--some)}.DELETE{color:var(--bad)}
.chip{display:inline-block;padding:0 7px;margin:0 4px 3px 0;border:1px solid var(--line);border-radius:20px;
font-size:12px;line-height:19px;white-space:nowrap;font-variant-numeric:tabular-nums}
.doubt{color:var(--some);font-size:13px;margin:0;padding:0;list-style:none}
.doubt li::before{content:"";display:inline-block;width:6px;height:6px;border-radius:3px;background:var(--some);
margin:0 7px 2px 0}
details{border-bottom:1px solid var(--line)}
details>summary{cursor:pointer;padding:11px 0;list-style:none;display:flex;flex-wrap:wrap;gap:2px 12px;
align-items:baseline}
summary::-webkit-details-marker{display:none}
details.endpoint>summary::before{content:"";flex:none;width:7px;height:7px;border:solid var(--faint);
border-width:0 2px 2px 0;transform:rotate(-45deg) translateY(-2px);transition:transform .12s}
details.endpoint[open]>summary::before{transform:rotate(45deg) translateY(-2px)}
summary .share{margin-left:auto;font-variant-numeric:tabular-nums;white-space:nowrap}
summary code{font-size:14px}
.inside{padding:0 0 24px 19px;scroll-margin-top:52px}
details.more{border:0}
details.more>summary{color:var(--link);font-size:13px;padding:3px 0}
ol.cases{list-style:none;counter-reset:case;margin:6px 0 0;padding:0}
ol.cases>li{counter-increment:case;position:relative;padding:9px 0 9px 34px;border-top:1px solid var(--line)}
ol.cases>li:first-child{border-top:0}
ol.cases>li::before{content:counter(case);position:absolute;left:0;top:10px;width:22px;height:22px;border-radius:11px;
background:var(--band);color:var(--faint);font-size:12px;line-height:22px;text-align:center}
ol.cases p{margin:0}
.status{font-weight:640;font-variant-numeric:tabular-nums}
.values{display:grid;grid-template-columns:auto 1fr;gap:0 12px;margin:2px 0 0}
.values dt{color:var(--faint);font-size:13px}
.values dd{margin:0;min-width:0}
.map{overflow:auto;width:fit-content;max-width:100%;border:1px solid var(--line);border-radius:10px;margin-top:12px}
.map svg{display:block}
footer{margin-top:56px;color:var(--faint);font-size:13px}
@media(max-width:720px){
.page{padding:24px 16px 56px}
h1{font-size:23px}
table.cards thead{display:none}
table.cards tr{display:block;padding:10px 0;border-bottom:1px solid var(--line)}
table.cards td{display:flex;gap:12px;justify-content:space-between;border:0;padding:2px 0;text-align:right}
table.cards td::before{content:attr(data-label);color:var(--faint);font-size:13px;flex:none;text-align:left}
table.cards td:first-child{display:block;text-align:left}
table.cards td:first-child::before,table.cards td:empty{display:none}
.small.bar{width:90px}
.inside{padding-left:0}
}
@media print{.page{max-width:none}details:not([open])>*{display:revert}pre{max-height:none}}
"""
