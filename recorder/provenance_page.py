"""The page that shows a provenance graph: one file without network, in which a value tells where it came from."""

from __future__ import annotations

import base64
import hashlib
from typing import TYPE_CHECKING, Any, Final

import orjson

from recorder.drawing import drawn_of, provenance_svg, shown

if TYPE_CHECKING:
    from recorder.graph import Graph

EDGES: Final = 20_000
"""So many edges of the drawn steps are told in the panel."""

_STYLE: Final = """
:root{color-scheme:light dark;--paper:#fff;--band:#f4f6f9;--ink:#1d2733;--faint:#6b7684;--line:#d9dee5;--mark:#fff3d6}
@media(prefers-color-scheme:dark){:root{--paper:#161a20;--band:#1c222a;--ink:#e4e8ee;--faint:#97a2b0;--line:#323a45;
--mark:#3b3116}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);
font:14px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
header{padding:22px 28px 10px}
h1{font-size:20px;font-weight:650;margin:0}
header p{margin:4px 0 0;color:var(--faint)}
main{display:grid;grid-template-columns:minmax(0,1fr) 340px;gap:0 20px;padding:8px 28px 40px;align-items:start}
.map{overflow:auto;width:fit-content;max-width:100%;border:1px solid var(--line);border-radius:10px}
.map svg{display:block}
aside{position:sticky;top:16px;max-height:calc(100vh - 32px);overflow:auto;border:1px solid var(--line);
border-radius:10px;padding:16px 18px}
aside h2{font-size:13px;font-weight:650;margin:0 0 6px}
aside h3{font-size:12px;font-weight:600;color:var(--faint);margin:14px 0 4px}
aside p{margin:0 0 8px;color:var(--faint)}
code{font:12px/1.45 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;overflow-wrap:anywhere}
.value{display:block;background:var(--mark);border-radius:6px;padding:6px 9px;margin:0 0 8px}
ol{list-style:none;margin:0;padding:0}
li{overflow-wrap:anywhere;padding:5px 0;border-top:1px solid var(--line)}
li span{color:var(--faint);font-size:12px}
[data-thread],[data-step]{cursor:pointer}
svg.chosen g[data-thread]{opacity:.1}
svg.chosen g[data-thread].on{opacity:1;stroke-width:2.6}
g[data-step]:focus{outline:none}
g[data-step]:focus rect,g[data-step].on rect,g[data-step]:hover rect{fill:var(--mark)}
tspan.on{text-decoration:underline}
@media(max-width:1000px){main{grid-template-columns:1fr}aside{position:static;max-height:none}}
"""

_SCRIPT: Final = """
"use strict";
const told=JSON.parse(document.getElementById("graph").textContent),svg=document.querySelector("svg"),
panel=document.querySelector("aside"),steps=new Map(told.steps.map(s=>[s[0],s]));
let pinned=null;
const make=(tag,text,name)=>{const e=document.createElement(tag);if(text!==undefined)e.textContent=text;
if(name)e.className=name;return e};
const titled=n=>{const s=steps.get(n);return s?n+"  "+s[1]+" "+s[2]:String(n)};
const line=(title,place,note)=>{const li=make("li");li.append(make("div",title),make("code",place));
if(note)li.append(make("span","  "+note));return li};
const list=(title,items)=>{if(!items.length)return;const ol=make("ol");ol.append(...items);
panel.append(make("h3",title),ol)};
const clear=()=>{panel.replaceChildren();svg.classList.remove("chosen");
svg.querySelectorAll(".on").forEach(e=>e.classList.remove("on"))};
const welcome=()=>{clear();panel.append(make("h2","Where values come from"),
make("p","Point at a thread to see a value, where it was first and everything that uses it. "
+"Point at a step to see what it takes and what it gives. Click to keep it; Escape lets go."))};
const note=(kind,how)=>kind+(how?", "+how:"");
const thread=i=>{clear();const t=told.threads[i];svg.classList.add("chosen");
svg.querySelectorAll('[data-thread="'+i+'"]').forEach(e=>e.classList.add("on"));
panel.append(make("h2",t.sort),make("code",t.value,"value"));
list("First seen",[line(titled(t.from[0]),t.from[1])]);
list(t.uses.length+(t.uses.length===1?" use":" uses"),t.uses.map(u=>line(titled(u[0]),u[1],note(u[2],u[3]))));
new Set([t.from[0],...t.uses.map(u=>u[0])]).forEach(n=>{
const g=svg.querySelector('g[data-step="'+n+'"]');if(g)g.classList.add("on")})};
const step=n=>{clear();svg.classList.add("chosen");const s=steps.get(n);
svg.querySelector('g[data-step="'+n+'"]').classList.add("on");
panel.append(make("h2","Step "+titled(n)),make("p",s[3]===null?"no answer came":"answered "+s[3]));
const e=told.edges,own=e.filter(x=>x[0]===n&&x[2]===n);
list("Takes",e.filter(x=>x[2]===n&&x[0]!==n).map(x=>line(x[6],x[3],note(x[4],x[5])+" of step "+x[0]+", "+x[1])));
list("Gives back of what was asked",own.map(x=>line(x[6],x[3],note(x[4],x[5])+" of "+x[1])));
list("Gives to later steps",e.filter(x=>x[0]===n&&x[2]!==n).map(x=>line(x[6],x[1],"to step "+x[2]+", "+x[3])));
told.threads.forEach((t,i)=>{if(t.from[0]===n||t.uses.some(u=>u[0]===n))
svg.querySelectorAll('g[data-thread="'+i+'"]').forEach(g=>g.classList.add("on"))})};
const at=target=>{const e=target.closest&&target.closest("[data-thread],[data-step]");if(!e)return null;
return e.dataset.thread!==undefined?()=>thread(Number(e.dataset.thread)):()=>step(Number(e.dataset.step))};
svg.addEventListener("pointerover",e=>{if(pinned)return;const show=at(e.target);show?show():welcome()});
svg.addEventListener("pointerleave",()=>{if(!pinned)welcome()});
svg.addEventListener("click",e=>{pinned=at(e.target);pinned?pinned():welcome()});
svg.addEventListener("focusin",e=>{const show=at(e.target);if(show&&!pinned)show()});
document.addEventListener("keydown",e=>{if(e.key==="Escape"){pinned=null;welcome()}
if(e.key==="Enter"&&document.activeElement){pinned=at(document.activeElement);if(pinned)pinned()}});
welcome();
"""


def provenance_page(graph: Graph, title: str) -> str:
    """Give the page as HTML; recorded values are escaped, and its policy allows its own script and style alone."""
    policy = (
        f"default-src 'none'; script-src '{_hash(_SCRIPT)}'; style-src '{_hash(_STYLE)}'; "
        "base-uri 'none'; form-action 'none'"
    )
    name = shown(title, 120)
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>Provenance of {name}</title><style>{_STYLE}</style></head><body>"
        f"<header><h1>Where the values of {name} came from</h1><p>{_summary(graph)}</p></header>"
        f'<main><div class="map">{provenance_svg(graph)}</div><aside aria-live="polite"></aside></main>'
        f'<script type="application/json" id="graph">{_embedded(_told(graph))}</script>'
        f"<script>{_SCRIPT}</script></body></html>\n"
    )


def _summary(graph: Graph) -> str:
    counts = {kind: sum(edge.kind == kind for edge in graph.edges) for kind in ("echo", "link", "composed")}
    cut = " There were more; the graph was cut." if graph.is_cut else ""
    return (
        f"{len(graph.steps)} steps. {counts['link']} values came from an earlier step, {counts['echo']} from the "
        f"request they answer, and {counts['composed']} are composed of others.{cut}"
    )


def _told(graph: Graph) -> dict[str, Any]:
    drawn = drawn_of(graph)
    rows = {step.number for step in drawn.steps}
    edges = [edge for edge in graph.edges if edge.source.interaction in rows and edge.target.interaction in rows]
    return {
        "steps": [[step.number, step.method, step.target[:200], step.status] for step in drawn.steps],
        "threads": [
            {
                "sort": {"id": "An id", "credential": "A credential", "input": "A value", "state": "A value"}[
                    thread.sort
                ],
                "value": thread.value,
                "from": list(thread.origin),
                "uses": [[*edge.target, edge.kind, edge.how] for edge in thread.uses[:200]],
            }
            for thread in drawn.threads
        ],
        "edges": [[*edge.source, *edge.target, edge.kind, edge.how, edge.value] for edge in edges[:EDGES]],
    }


def _embedded(document: dict[str, Any]) -> str:
    """Give JSON that cannot end the element it stands in, whatever was recorded."""
    text = orjson.dumps(_sound(document)).decode()
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


def _sound(node: Any) -> Any:
    """Replace what is no Unicode: bytes of a body that were not UTF-8."""
    if isinstance(node, str):
        return node.encode("utf-8", "replace").decode()
    if isinstance(node, dict):
        return {key: _sound(value) for key, value in node.items()}
    return [_sound(value) for value in node] if isinstance(node, list) else node


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
