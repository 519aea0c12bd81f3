"""A grocer's shop in FastAPI: baskets with vouchers, tax and delivery, checkout by version, charges sent only once."""

from __future__ import annotations

import hashlib
import json
from itertools import count
from secrets import token_hex
from typing import Annotated, Any, Final

from fastapi import FastAPI, Header, HTTPException, Query, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

from bench.fidelity.apps.parts import now

Row = dict[str, Any]

app: Final = FastAPI(openapi_url=None)
GOODS: Final[dict[str, Row]] = {
    sku: {"sku": sku, "label": label, "aisle": aisle, "unit_price": price, "in_stock": stock}
    for sku, label, aisle, price, stock in (
        ("APL-1K", "Apples 1 kg", "produce", 2.49, 12),
        ("PEAR-5", "Pears, five", "produce", 1.95, 4),
        ("KALE-B", "Kale, bunch", "produce", 1.2, 9),
        ("MILK-1", "Whole milk 1 l", "dairy", 1.15, 20),
        ("BRIE-2", "Brie 200 g", "dairy", 3.8, 3),
        ("RYE-75", "Rye bread 750 g", "bakery", 3.35, 6),
        ("CAKE-L", "Lemon cake", "bakery", 11.9, 2),
        ("COF-50", "Coffee beans 500 g", "pantry", 8.75, 8),
        ("OIL-75", "Olive oil 0.75 l", "pantry", 13.6, 5),
        ("RICE-1", "Basmati rice 1 kg", "pantry", 4.1, 15),
    )
}
# By code: kind, how much, the least that the goods must come to.
VOUCHERS: Final[dict[str, tuple[str, float, float]]] = {
    "FRESH10": ("percent", 10, 0),
    "FIVEROFF": ("fixed", 5, 30),
    "NODELIVERY": ("delivery", 0, 15),
}
SPENT: Final = {"EASTER24"}
DELIVERY: Final = {"pickup": 0.0, "standard": 4.9, "express": 9.5}
FREE_FROM: Final = 60.0
TAX: Final = 0.085
LIMIT: Final = 30

_baskets: Final[dict[str, Row]] = {}
_orders: Final[dict[int, Row]] = {}
_charges: Final[dict[str, Row]] = {}
_done: Final[dict[str, tuple[str, int, Row]]] = {}
_order_numbers: Final = count(50_001)


class NewBasket(BaseModel):
    shopper: str = Field(min_length=2)
    note: str | None = None


class Entry(BaseModel):
    sku: str
    qty: int = Field(ge=1, le=LIMIT)


class Quantity(BaseModel):
    qty: int = Field(ge=0, le=LIMIT)


class Voucher(BaseModel):
    code: str


class Shipping(BaseModel):
    method: str
    postcode: str | None = Field(default=None, pattern=r"^\d{5}$")


class Checkout(BaseModel):
    revision: int
    email: str


class NewCharge(BaseModel):
    order_no: int
    amount: float = Field(gt=0)
    card: str


class Refund(BaseModel):
    amount: float = Field(gt=0)
    reason: str | None = None


def basket_of(ref: str, *, is_open: bool = False) -> Row:
    if ref not in _baskets:
        raise HTTPException(404, f"Basket {ref} does not exist")
    if is_open and _baskets[ref]["state"] != "open":
        raise HTTPException(409, {"reason": "basket_closed", "state": _baskets[ref]["state"]})
    return _baskets[ref]


def goods_of(basket: Row) -> float:
    return round(sum(GOODS[sku]["unit_price"] * qty for sku, qty in basket["entries"].items()), 2)


def sums(basket: Row) -> Row:
    """Reckon what is to be paid: a voucher that the goods no longer come up to is not counted."""
    goods = goods_of(basket)
    reduction, fee = 0.0, DELIVERY[basket["delivery"]] if basket["entries"] else 0.0
    if basket["delivery"] == "standard" and goods >= FREE_FROM:
        fee = 0.0
    if basket["voucher"]:
        kind, amount, least = VOUCHERS[basket["voucher"]]
        if goods >= least:
            if kind == "delivery":
                fee = 0.0
            reduction = round(goods * amount / 100, 2) if kind == "percent" else min(amount, goods)
    tax = round((goods - reduction) * TAX, 2)
    payable = round(goods - reduction + tax + fee, 2)
    return {"goods": goods, "reduction": reduction, "tax": tax, "delivery": fee, "payable": payable}


def shown(basket: Row) -> Row:
    entries = [
        {
            "sku": sku,
            "label": GOODS[sku]["label"],
            "qty": qty,
            "unit_price": GOODS[sku]["unit_price"],
            "line_total": round(GOODS[sku]["unit_price"] * qty, 2),
        }
        for sku, qty in basket["entries"].items()
    ]
    return {
        "ref": basket["ref"],
        "revision": basket["revision"],
        "state": basket["state"],
        "shopper": basket["shopper"],
        "note": basket["note"],
        "entries": entries,
        "pieces": sum(basket["entries"].values()),
        "voucher": basket["voucher"],
        "delivery_method": basket["delivery"],
        "sums": sums(basket),
    }


def changed(basket: Row) -> Row:
    basket["revision"] += 1
    return shown(basket)


def in_stock(sku: str, qty: int) -> None:
    if sku not in GOODS:
        raise HTTPException(404, f"No product with SKU {sku}")
    left = GOODS[sku]["in_stock"]
    if qty > left:
        raise HTTPException(409, {"reason": "insufficient_stock", "sku": sku, "wanted": qty, "left": left})


@app.get("/catalogue")
def catalogue(
    aisle: str | None = None,
    max_price: Annotated[float | None, Query(gt=0)] = None,
    sort: Annotated[str | None, Query(pattern="^-?(unit_price|label)$")] = None,
) -> Row:
    found = [one for one in GOODS.values() if aisle in (None, one["aisle"])]
    found = [one for one in found if max_price is None or one["unit_price"] <= max_price]
    if sort:
        found.sort(key=lambda one: one[sort.lstrip("-")], reverse=sort.startswith("-"))
    return {"count": len(found), "products": found}


@app.get("/catalogue/{sku}")
def product(sku: str) -> Row:
    in_stock(sku, 0)
    return GOODS[sku]


@app.post("/baskets", status_code=201)
def open_basket(asked: NewBasket, response: Response) -> Row:
    ref = f"BSK-{token_hex(4).upper()}"
    response.headers["Location"] = f"/baskets/{ref}"
    _baskets[ref] = {"ref": ref, "revision": 1, "state": "open", "shopper": asked.shopper, "note": asked.note}
    _baskets[ref] |= {"entries": {}, "voucher": None, "delivery": "standard"}
    return shown(_baskets[ref])


@app.get("/baskets/{ref}")
def basket(ref: str) -> Row:
    return shown(basket_of(ref))


@app.post("/baskets/{ref}/entries", status_code=201)
def add(ref: str, asked: Entry) -> Row:
    basket = basket_of(ref, is_open=True)
    qty = basket["entries"].get(asked.sku, 0) + asked.qty
    in_stock(asked.sku, qty)
    basket["entries"][asked.sku] = qty
    return changed(basket)


@app.patch("/baskets/{ref}/entries/{sku}")
def set_quantity(ref: str, sku: str, asked: Quantity) -> Row:
    basket = basket_of(ref, is_open=True)
    if sku not in basket["entries"]:
        raise HTTPException(404, f"{sku} is not in this basket")
    in_stock(sku, asked.qty)
    basket["entries"][sku] = asked.qty
    if not asked.qty:
        del basket["entries"][sku]
    return changed(basket)


@app.delete("/baskets/{ref}/entries/{sku}", status_code=204)
def take_out(ref: str, sku: str) -> None:
    basket = basket_of(ref, is_open=True)
    if sku not in basket["entries"]:
        raise HTTPException(404, f"{sku} is not in this basket")
    del basket["entries"][sku]
    basket["revision"] += 1


@app.put("/baskets/{ref}/voucher")
def redeem(ref: str, asked: Voucher) -> Row:
    basket = basket_of(ref, is_open=True)
    if asked.code in SPENT:
        raise HTTPException(410, {"reason": "voucher_expired", "code": asked.code})
    if asked.code not in VOUCHERS:
        raise HTTPException(400, {"reason": "voucher_unknown", "code": asked.code})
    least, goods = VOUCHERS[asked.code][2], goods_of(basket)
    if goods < least:
        missing = round(least - goods, 2)
        raise HTTPException(409, {"reason": "below_minimum", "minimum": least, "missing": missing})
    basket["voucher"] = asked.code
    return changed(basket)


@app.delete("/baskets/{ref}/voucher")
def give_back(ref: str) -> Row:
    basket = basket_of(ref, is_open=True)
    if not basket["voucher"]:
        raise HTTPException(404, "No voucher in this basket")
    basket["voucher"] = None
    return changed(basket)


@app.put("/baskets/{ref}/delivery")
def deliver(ref: str, asked: Shipping) -> Row:
    basket = basket_of(ref, is_open=True)
    if asked.method not in DELIVERY:
        raise HTTPException(400, f"Unknown delivery method: {asked.method}")
    if asked.method != "pickup" and not asked.postcode:
        raise HTTPException(400, "A postcode is needed for delivery")
    basket["delivery"] = asked.method
    return changed(basket)


@app.post("/baskets/{ref}/checkout", status_code=201)
def check_out(ref: str, asked: Checkout) -> Row:
    basket = basket_of(ref, is_open=True)
    if asked.revision != basket["revision"]:
        raise HTTPException(412, {"reason": "stale", "yours": asked.revision, "current": basket["revision"]})
    if not basket["entries"]:
        raise HTTPException(400, "The basket is empty")
    for sku, qty in basket["entries"].items():
        in_stock(sku, qty)
    for sku, qty in basket["entries"].items():
        GOODS[sku]["in_stock"] -= qty
    basket["state"] = "checked_out"
    number = next(_order_numbers)
    view = shown(basket)
    _orders[number] = {
        "order_no": number,
        "status": "awaiting_payment",
        "basket": ref,
        "shopper": basket["shopper"],
        "email": asked.email.lower(),
        "items": [{"sku": one["sku"], "qty": one["qty"]} for one in view["entries"]],
        "due": view["sums"]["payable"],
        "paid": 0.0,
        "placed_at": now(),
    }
    return _orders[number]


def order_of(number: int) -> Row:
    if number not in _orders:
        raise HTTPException(404, f"Order {number} does not exist")
    return _orders[number]


@app.get("/orders")
def orders(status: str | None = None) -> Row:
    found = [one for one in _orders.values() if status in (None, one["status"])]
    return {"count": len(found), "orders": found[::-1]}


@app.get("/orders/{number}")
def order(number: int) -> Row:
    return order_of(number)


@app.post("/orders/{number}/cancel")
def cancel(number: int) -> Row:
    found = order_of(number)
    if found["status"] != "awaiting_payment":
        raise HTTPException(409, f"An order that is {found['status']} cannot be cancelled")
    found["status"] = "cancelled"
    for item in found["items"]:
        GOODS[item["sku"]]["in_stock"] += item["qty"]
    return found


def once(key: str | None, asked: BaseModel, where: str) -> JSONResponse | None:
    """Give what was answered before to this key; another body with a key is refused."""
    if not key:
        raise HTTPException(400, "The Idempotency-Key header is required")
    if key not in _done:
        return None
    print_, status, body = _done[key]
    if print_ != fingerprint(asked, where):
        raise HTTPException(422, {"reason": "key_reused", "key": key})
    return JSONResponse(body, status, {"Idempotent-Replay": "true"})


def fingerprint(asked: BaseModel, where: str) -> str:
    return hashlib.sha256(f"{where} {asked.model_dump_json()}".encode()).hexdigest()


def keep(key: str | None, asked: BaseModel, where: str, status: int, body: Row) -> JSONResponse:
    body = json.loads(json.dumps(body))
    _done[str(key)] = (fingerprint(asked, where), status, body)
    return JSONResponse(body, status)


@app.post("/charges")
def charge(asked: NewCharge, idempotency_key: Annotated[str | None, Header()] = None) -> JSONResponse:
    if before := once(idempotency_key, asked, "charges"):
        return before
    found = order_of(asked.order_no)
    if found["status"] != "awaiting_payment":
        raise HTTPException(409, {"reason": "not_payable", "status": found["status"]})
    if asked.amount != found["due"]:
        raise HTTPException(422, {"reason": "wrong_amount", "due": found["due"], "offered": asked.amount})
    declined = asked.card.endswith("0002")
    body = {
        "charge": f"chg_{token_hex(8)}",
        "order_no": asked.order_no,
        "amount": asked.amount,
        "card": f"**** {asked.card[-4:]}",
        "outcome": "declined" if declined else "captured",
        "refunded": 0.0,
        "created": now(),
    }
    _charges[body["charge"]] = body
    if not declined:
        found |= {"status": "paid", "paid": asked.amount}
    return keep(idempotency_key, asked, "charges", 402 if declined else 201, body)


def charge_of(ref: str) -> Row:
    if ref not in _charges:
        raise HTTPException(404, f"Charge {ref} does not exist")
    return _charges[ref]


@app.get("/charges/{ref}")
def one_charge(ref: str) -> Row:
    return charge_of(ref)


@app.post("/charges/{ref}/refunds")
def refund(ref: str, asked: Refund, idempotency_key: Annotated[str | None, Header()] = None) -> JSONResponse:
    if before := once(idempotency_key, asked, ref):
        return before
    found = charge_of(ref)
    left = round(found["amount"] - found["refunded"], 2)
    if found["outcome"] == "declined":
        raise HTTPException(409, "A declined charge cannot be refunded")
    if asked.amount > left:
        raise HTTPException(422, {"reason": "too_much", "refundable": left})
    found["refunded"] = round(found["refunded"] + asked.amount, 2)
    left = round(left - asked.amount, 2)
    order_of(found["order_no"])["status"] = "refunded" if left == 0 else "partly_refunded"
    body = {"refund": f"rfd_{token_hex(6)}", "charge": ref, "amount": asked.amount, "reason": asked.reason}
    return keep(idempotency_key, asked, ref, 201, {**body, "refundable": left, "created": now()})
