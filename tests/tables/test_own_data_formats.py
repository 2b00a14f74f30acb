"""The mappings that come with the course, on small exports made after the documented layouts of the platforms; which of
them an export is, and what is drafted where it is none."""

import re
import time

import pandas as pd
import pytest
import yaml
from openpyxl import Workbook

from adapted import csv, told
from liveshop.tables import TableError, adapt, contract
from liveshop.tables.adapt.mapping import entries
from liveshop.tables.adapt.proposal import draft_mapping
from liveshop.tables.adapt.recognising import BEGINNING, fitting, formats, headings, recognise
from liveshop.tables.adapt.values import form
from liveshop.tables.places import MAPPINGS
from platform_exports import LIVE, ORDERS
from sample_exports import thai_posts, tiktok_workbook

SHOPIFY = """Name,Email,Financial Status,Paid at,Fulfillment Status,Currency,Subtotal,Shipping,Taxes,Total,\
Discount Code,Discount Amount,Created at,Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku,\
Shipping Name,Refunded Amount,Id
#1001,mia@example.com,paid,2026-03-01 20:05:00 +0800,fulfilled,USD,90.00,5.00,0.00,95.00,SPRING,10.00,\
2026-03-01 20:00:00 +0800,1,Dress,60.00,D-1,Mia Muster,0.00,55501
#1001,,,,,,,,,,,,2026-03-01 20:00:00 +0800,2,Scarf,20.00,S-1,,,
#1002,,voided,,,USD,40.00,5.00,0.00,45.00,,0.00,2026-03-02 10:00:00 +0800,1,Dress,40.00,D-1,Tom Test,0.00,55502
#1003,mia@example.com,partially_refunded,2026-03-09 09:00:00 +0800,,USD,20.00,5.00,0.00,25.00,,0.00,\
2026-03-09 08:59:00 +0800,1,Scarf,20.00,S-1,Mia Muster,5.00,55503
"""
ETSY = """Sale Date,Item Name,Buyer,Quantity,Price,Coupon Code,Coupon Details,Discount Amount,Shipping Discount,\
Order Shipping,Order Sales Tax,Item Total,Currency,Transaction ID,Listing ID,\
Date Paid,Date Shipped,Ship Name,Order ID,SKU
03/01/26,Ring,mia88,2,15.00,SPRING,,3.00,0,4.00,0,30.00,EUR,9001,701,03/01/2026,03/02/2026,Mia Muster,4001,R-1
03/13/26,Chain,tom9,1,25.00,,,,0,4.00,0,25.00,EUR,9002,702,03/13/2026,,Tom Test,4002,C-1
"""
LAZADA = """orderItemId,orderType,lazadaId,sellerSku,lazadaSku,createTime,updateTime,orderNumber,customerName,\
customerEmail,payMethod,paidPrice,unitPrice,shippingFee,itemName,variation,status
1,Normal,11,D-1,L-1,01 Mar 2026 20:05,,8001,Mia Muster,,COD,90.00,100.00,5,Dress,red,delivered
2,Normal,11,S-1,L-2,01 Mar 2026 20:05,,8001,Mia Muster,,COD,20.00,20.00,0,Scarf,,delivered
3,Normal,12,S-1,L-2,02 Mar 2026 10:00,,8002,Tom Test,,COD,20.00,20.00,5,Scarf,,canceled
"""
SHOPEE = """Order ID,Order Status,Cancel reason,Order Creation Date,Order Paid Time,SKU Reference No.,Product Name,\
Original Price,Deal Price,Quantity,Product Subtotal,Grand Total,Username (Buyer)
2603AB,Completed,,2026-03-01 20:05,2026-03-01 20:06,D-1,Dress,100.00,90.00,1,90.00,130.00,mia88
2603AB,Completed,,2026-03-01 20:05,2026-03-01 20:06,S-1,Scarf,20.00,20.00,2,40.00,130.00,mia88
2603CD,Cancelled,Changed mind,2026-03-02 10:00,-,S-1,Scarf,20.00,20.00,1,20.00,20.00,tom9
"""
INDONESIAN = SHOPEE.replace(SHOPEE.split("\n")[0], "No. Pesanan,Status Pesanan,Alasan Pembatalan,Waktu Pesanan Dibuat,\
Waktu Pembayaran Dilakukan,Nomor Referensi SKU,Nama Produk,Harga Awal,Harga Setelah Diskon,Jumlah,Total Harga Produk,\
Total Pembayaran,Username (Pembeli)").replace("Cancelled", "Batal")
TAOBAO = """订单编号,买家会员名,买家应付货款,买家应付邮费,总金额,买家实际支付金额,订单状态,收货人姓名,收货地址,\
联系手机,订单创建时间,订单付款时间,宝贝标题,宝贝种类,宝贝总数量
="2201",小米,120.00,0.00,120.00,110.00,交易成功,米某,某市某路1号,'13800000001,\
2026-03-01 20:05:00,2026-03-01 20:06:00,连衣裙,1,2
="2202",小汤,20.00,0.00,20.00,0.00,交易关闭,汤某,某市某路2号,'13800000002,2026-03-02 10:00:00,,围巾,1,1
"""
WOO = """Date,Order #,N. Revenue (formatted),Status,Customer,Customer type,Product(s),Items sold,Coupon(s),N. Revenue
2026-03-01 20:05:00,501,"€90,00",completed,Mia Muster,new,"1× Dress, 2× Scarf",3,SPRING,90
2026-03-02 10:00:00,502,"€20,00",cancelled,Tom Test,new,1× Scarf,1,,20
"""
META = """Post ID,Page ID,Page name,Title,Description,Duration (sec),Publish time,Caption type,Permalink,Post type,\
Date,Impressions,Reach,"Reactions, comments and shares",Reactions,Comments,Shares,Total clicks
900000000000000001,77,Qinghe,Spring,New,0,03/13/2026 20:05,,https://example.com/1,Photos,Lifetime,1200,900,66,50,10,6,40
900000000000000002,77,Qinghe,Live,Tonight,60,03/14/2026 08:05,,https://example.com/2,Videos,Lifetime,2200,1900,99,80,15,4,90
"""
# format → (file, table, its money or reactions, persons)
EXPORTS = {
    "shopify-orders": (SHOPIFY, "orders", [54, 36, 20], 1), "etsy-sold-order-items": (ETSY, "orders", [27, 25], 2),
    "lazada-orders": (LAZADA, "orders", [90, 20], 1), "shopee-orders": (SHOPEE, "orders", [90, 40], 1),
    "woocommerce-orders": (WOO, "orders", [90], 1),
    "taobao-orders": (TAOBAO, "orders", [110], 1), "meta-business-suite-posts": (META, "posts", [50, 80], 0)}


@pytest.mark.parametrize("name", EXPORTS)
def test_an_export_is_read_as_its_platform_documents_it(tmp_path, name):
    text, table, money, persons = EXPORTS[name]
    path = csv(tmp_path, text, encoding="gb18030" if name == "taobao-orders" else "utf-8")
    frame = adapt(path, name)
    assert frame.attrs["report"].table == table
    assert frame["paid_amount" if table == "orders" else "reactions"].tolist() == pytest.approx(money)
    if table == "orders":
        assert frame.customer_id.nunique() == persons and not frame.customer_id.isna().any()
        assert frame.created.min() == pd.Timestamp("2026-03-01" if name.startswith("etsy") else "2026-03-01 20:05") - (
            pd.Timedelta("5min") if name == "shopify-orders" else pd.Timedelta(0))
    for person in ("mia", "Mia", "Tom", "tom9", "小米", "米某", "13800000001"):
        assert person not in frame.to_csv() and person not in told(frame)


def test_shopee_in_indonesian_is_the_same(tmp_path):
    one, two = (adapt(csv(tmp_path, text), "shopee-orders") for text in (SHOPEE, INDONESIAN))
    pd.testing.assert_frame_equal(one.drop(columns="customer_id"), two.drop(columns="customer_id"))


def test_lazada_with_headings_in_words_is_the_same(tmp_path):
    words = re.sub(r"(?<=[a-z])([A-Z])", r" \1", LAZADA.split("\n")[0])
    text = LAZADA.replace(LAZADA.split("\n")[0], words)
    assert "order Item Id" in words and adapt(csv(tmp_path, text), "lazada-orders").paid_amount.tolist() == [90, 20]
    assert recognise(csv(tmp_path, text)).name == "lazada-orders"


@pytest.mark.parametrize("name", EXPORTS)
def test_formats_are_known_by_their_headings(tmp_path, name):
    text = EXPORTS[name][0]
    assert recognise(csv(tmp_path, text)).name == name
    assert recognise(csv(tmp_path, text, encoding="gb18030")).name == name
    assert recognise(csv(tmp_path, text.split("\n")[0] + "\n")).name == name, "headings without rows"
    book = Workbook()
    book.active.append(["Export of the shop"])
    for line in pd.read_csv(csv(tmp_path, text), header=None, dtype=str).fillna("").to_numpy().tolist():
        book.active.append(line)
    book.save(tmp_path / "in.xlsx")
    assert recognise(tmp_path / "in.xlsx").name == name
    half = text.split("\n")[0].split(",")
    assert recognise(csv(tmp_path, ",".join(half[:2]) + "\n1,2\n")) is None


def test_the_course_s_own_headings_are_known_and_a_key_alone_is_not(tmp_path):
    spec = contract()["streams"]
    assert recognise(csv(tmp_path, ",".join(spec.required) + "\n")).name == "streams"
    chinese = ",".join(spec.columns[name].title_zh for name in spec.required)
    assert recognise(csv(tmp_path, f"{chinese},成交总额\n")).name == "streams"
    assert recognise(csv(tmp_path, "customer_id,height,weight\n1,2,3\n")) is None
    assert recognise(csv(tmp_path, "x,y\n1,2\n")) is None and recognise(tmp_path) is None
    assert recognise(csv(tmp_path, "from,to\n1,2\n")) is None, "words that many exports have"
    assert recognise(csv(tmp_path, "分享次数,评论次数,曝光进入率\n1,2,3\n")) is None


def headings_of_all(folder):
    """Format → the headings of each example of it that the tests have."""
    found = {name: [headings(csv(folder, text))] for name, (text, *_) in EXPORTS.items()}
    found["shopee-orders"].append(headings(csv(folder, INDONESIAN)))
    found |= {name: [headings(csv(folder, text))] for name, text in ORDERS.items()}
    found |= {name: [rows[0] for rows, _ in exports] for name, exports in LIVE.items()}
    found["tiktok-live-export"] = [headings(tiktok_workbook(folder / "live.xlsx"))]
    found["thai-facebook-posts"] = [headings(thai_posts(folder / "posts.csv"))]
    found["odoo-purchase-lines"] = [["Order Reference", "ID", "Product", "Partner", "Order Reference/Confirmation Date",
                                     "Expected Arrival", "Order Reference/Arrival", "Quantity", "Unit Price", "Status"]]
    found["online-retail"] = [["InvoiceNo", "StockCode", "Description", "Quantity", "InvoiceDate", "UnitPrice",
                               "CustomerID", "Country"]]
    return found


def test_no_format_is_taken_for_another(tmp_path):
    """Each example fits its own format and no other, not even with fewer headings; all formats have an example."""
    examples = headings_of_all(tmp_path)
    known = {one.name for one in formats() if not one.own}
    assert set(examples) == known, "a format without an example, or one that is never recognised"
    assert {path.stem for path in MAPPINGS.glob("*.yml")} - known == {"qinghe-raw-export", "streamer-friends"}
    for name, exports in examples.items():
        for found in exports:
            assert [one.name for _, one in fitting(found)] == [name], found


def test_every_mapping_is_a_different_format():
    seen = {}
    for path in MAPPINGS.glob("*.yml"):
        wanted = frozenset(str(rule.get("from")) for entry in entries(path) for rule in entry["columns"].values())
        assert wanted not in seen, path.name
        seen[wanted] = path


def test_a_long_file_is_known_by_its_beginning(tmp_path):
    path = csv(tmp_path, SHOPIFY + "#1004,,,,,,,,,,,,2026-03-01 20:00:00 +0800,2,Scarf,20.00,S-1,,,\n" * 120_000)
    assert path.stat().st_size > 20 * BEGINNING
    start = time.perf_counter()
    assert recognise(path).name == "shopify-orders" and time.perf_counter() - start < 2


MINE = "Auftrag;客户编号;paid_amount;Käufer;Anzahl;Notiz\nA-17;17;12,50;Mia Muster;1;\nA-18;18;13,50;Tom Test;2;=1+1\n"


def test_a_mapping_is_drafted_and_names_nobody(tmp_path):
    made = draft_mapping(csv(tmp_path, MINE))
    text = made.path.read_text("utf-8")
    assert made.path.name == "export-mapping.yml" and (made.table, made.sure, made.open) == ("orders", 2, 4)
    assert set(made.required) == {"order_id", "line_no", "quantity", "created"}
    assert not [word for word in ("Mia", "Tom", "A-17", "12,50", "17") if word in text], "a value of the export"
    assert "#   Käufer: Aa Aa" in text and "#   Auftrag: A-99" in text
    assert "# line_no: {number_within: order_id}" in text
    (entry,) = entries(made.path)
    assert entry["columns"]["customer_id"]["from"] == ["客户编号"]
    filled = text.replace("# order_id: …", "order_id: Auftrag").replace("# line_no: {", "line_no: {").replace(
        "# quantity: {constant: 1}", "quantity: Anzahl").replace("# created: …", "created: {constant: 2026-03-01}")
    made.path.write_text(filled, "utf-8")
    assert adapt(csv(tmp_path, MINE), made.path).paid_amount.tolist() == [12.5, 13.5]
    with pytest.raises(TableError, match="is there already"):
        draft_mapping(csv(tmp_path, MINE))
    assert made.path.read_text("utf-8") == filled


@pytest.mark.parametrize(
    "heading", ["no", "Preis: netto", '"quoted"', "# rute", "- x", "{a}", "客户 编号", "a\tb", "1e3"])
def test_any_heading_makes_yaml(tmp_path, heading):
    frame = pd.DataFrame({"order_id": ["a"], heading: ["b"], "paid_amount": [1.0]})
    frame.to_excel(tmp_path / "in.xlsx", index=False)
    made = draft_mapping(tmp_path / "in.xlsx")
    assert entries(made.path)[0]["table"] == made.table and yaml.safe_load(made.path.read_text("utf-8"))


def test_what_cannot_be_drafted_is_one_sentence(tmp_path):
    with pytest.raises(TableError, match="nothing says which table it fills; name it with TABLE="):
        draft_mapping(csv(tmp_path, "x,y\n1,2\n"))
    made = draft_mapping(csv(tmp_path, "x,y\n1,2\n"), table="orders")
    assert made.sure == 0 and entries(made.path)[0]["columns"] == {}
    with pytest.raises(TableError, match="is no file"):
        draft_mapping(tmp_path)
    wide = csv(tmp_path, ",".join(["order_id", *(f"c{n}" for n in range(5000))]) + "\n", "wide.csv")
    assert len(draft_mapping(wide, table="orders").path.read_text("utf-8").splitlines()) < 70


@pytest.mark.parametrize(("head", "column"), [
    ("Name,Email,paid_amount,客户编号", "order_id"), ("order_id,paid_amount,Unit price", "list_amount"),
    ("开播时间,直播间编号,分享次数,成交总额", "comments")])
def test_a_common_word_of_one_format_is_not_sure_in_another(tmp_path, head, column):
    """Name is the order's number at Shopify; unitPrice is a line's amount at Lazada, where a line is one piece."""
    made = draft_mapping(csv(tmp_path, f"{head}\n1,2,3,4\n"))
    assert column not in entries(made.path)[0]["columns"] and made.sure >= 2
    lazada = draft_mapping(csv(tmp_path, LAZADA), tmp_path / "lazada.yml")
    assert entries(lazada.path)[0]["columns"]["list_amount"]["from"] == ["unitPrice"]


def test_one_known_word_does_not_tell_the_table(tmp_path):
    with pytest.raises(TableError, match="Too few headings of export.csv are known"):
        draft_mapping(csv(tmp_path, "Order,Amount,Date\n1,5,2026-03-01\n"))


@pytest.mark.parametrize(("text", "shape"), [
    ("2026-03-01 20:05", "9999-99-99 99:99"), ("Mia Muster", "Aa Aa"), ("¥1,234.50", "¥9,999.99"),
    ("北京市某路1号", "字9字"),
    ("13800000001", "99999…"), ("x" * 300, "aa"), ("a-" * 50, "a-a-a-a-a-a-a-a-a-a-a-a-…"), ("", "")])
def test_forms(text, shape):
    assert form(text) == shape


def test_a_where_rule_may_know_several_headings(tmp_path):
    mapping = {"table": "orders", "columns": {"line_no": {"constant": 1}, "quantity": {"constant": 1}},
               "where": [{"column": ["Status", "status"], "is": "ok", "reason": "not ok"}]}
    text = "order_id,paid_amount,created,status\n1,10,2026-03-01,ok\n2,20,2026-03-01,no\n"
    assert adapt(csv(tmp_path, text), mapping).paid_amount.tolist() == [10]
    mapping["where"][0]["column"] = []
    with pytest.raises(TableError, match="names no column"):
        adapt(csv(tmp_path, text), mapping)
