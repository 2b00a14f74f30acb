"""Small exports of live platforms, made after their documented layouts, with the amounts and dates of their place."""

import re

from openpyxl import Workbook


def _rows(text):
    """Rows of cells, divided by bars; what is a plain number is one (3.000 is a text: it may be three thousand)."""
    return [[(float if "." in cell else int)(cell) if re.fullmatch(r"\d{1,9}(\.\d\d?)?", cell) else cell
             for cell in line.split(" | ")] for line in text.split("\n")]


# Live Analysis of TikTok Shop
INDONESIAN = _rows("""\
ID Kreator | Kreator | Nama panggilan | Waktu Live | Durasi | GMV dari LIVE (Rp) | GMV LIVE (Rp) | \
GMV tidak langsung dari LIVE (Rp) | Produk yang ditambahkan | Produk Terjual | Pemesanan | Pesanan Dibayar | \
Produk yang terjual melalui LIVE | Produk yang terjual dari LIVE | \
Produk yang terjual dari LIVE secara tidak langsung | Pembeli unik | Harga Rata-Rata (Rp) | CTOR | Penonton | \
Live Stream Dilihat | Durasi menonton rata-rata (Siaran LIVE) | Komentar | Live Dibagikan | Suka pada LIVE | \
Pengikut baru (Video kreator) | Produk Dilihat | Klik Produk | CTR
7126874351866037275 | toko.a | Toko A | 2026/07/31/ 21:03 | 2h 57min | Rp20.000.000 | Rp18.000.000 | \
Rp2.000.000 | 30 | 12 | 210 | 180 | 200 | 180 | 20 | 150 | Rp100.000 | 2,00% | 3.000 | 20.540 | 1min 5s | 400 | \
30 | 12.500 | 45 | 61.020 | 9.010 | 14,77%
7126874351866037275 | toko.a | Toko A | 2026/08/01/ 20:00 | 1h 0min | Rp950.000 | Rp950.000 | Rp0 | 30 | 12 | \
10 | 8 | 9 | 9 | 0 | 8 | Rp105.556 | 1,60% | 1.210 | 8.125 | 59s | 100 | 3 | 2.505 | 5 | 6.010 | 501 | 8,33%""")
_EARLIER = {  # headings that the report had before
    "GMV dari LIVE (Rp)": "GMV yang didapat dari LIVE (Rp)", "Pesanan Dibayar": "Pesanan SKU dari LIVE",
    "GMV LIVE (Rp)": "Nilai bruto barang dagangan dari LIVE (Rp)", "Pemesanan": "Pesanan SKU yang dibuat",
    "CTOR": "Rasio pesanan per klik (LIVE)"}
EARLIER_INDONESIAN = [[_EARLIER.get(heading, heading) for heading in INDONESIAN[0]], *INDONESIAN[1:]]
# Live Analysis of TikTok Shop
VIETNAMESE = _rows("""\
ID nhà sáng tạo | Nhà sáng tạo | Biệt danh | Thời gian bắt đầu | Thời lượng | GMV LIVE (₫) | \
Đơn hàng đã thanh toán | Số món bán ra từ LIVE | Số khách hàng độc nhất | Giá trung bình (₫) | CTOR | \
Người xem | Lượt xem | Thời lượng xem trung bình | Bình luận | Lượt chia sẻ | Lượt thích | Người theo dõi mới | \
Lượt hiển thị sản phẩm | Lượt nhấp Sản phẩm | CTR
71268743518660372 | shop.b | Shop B | 2026/07/31/ 21:03 | 2h 57min | 12.345.678₫ | 180 | 200 | 150 | 61.728₫ | \
2,00% | 3.005 | 20.540 | 1min 5s | 400 | 30 | 12.500 | 45 | 61.020 | 9.010 | 14,77%
71268743518660372 | shop.b | Shop B | 2026/08/01/ 20:00 | 0h 9min | 950.000₫ | 8 | 9 | 8 | 105.556₫ | 1,60% | \
1.210 | 8.125 | 59s | 100 | 3 | 2.505 | 5 | 6.010 | 501 | 8,34%""")
# the list of broadcasts in the partner center
VIETNAMESE_PARTNER = _rows("""\
Tên người dùng của nhà sáng tạo | Biệt danh của nhà sáng tạo | ID LIVE | LIVE | Thời gian bắt đầu | \
GMV nhờ nhà sáng tạo | GMV trực tiếp | Số món bán ra nhờ nhà sáng tạo | Người xem | GPM hiển thị | Tỷ lệ nhấn | \
Đơn hàng SKU từ nhà sáng tạo | Khách hàng | Thời lượng | Lượt xem | Lượt bình luận | Lượt chia sẻ | \
Lượt thích | Giá trung bình | CTOR LIVE liên kết (đơn hàng SKU) | Thời lượng xem trung bình | \
Người theo dõi mới | Sản phẩm | Lượt hiển thị sản phẩm | Lượt nhấp vào sản phẩm | CTR
shop.b | Shop B | 7456012345678900001 | Tối nay | 2026-07-31 21:03 | 12.345.678₫ | 12.000.000₫ | 200 | 3.005 | \
98.000₫ | 20% | 190 | 150 | 2h 57min | 20.540 | 400 | 30 | 12.500 | 61.728₫ | 2,00% | 1min 5s | 45 | 12 | \
61.020 | 9.010 | 14,77%
shop.b | Shop B | 7456012345678900002 | Mai | 2026-08-01 20:00 | 950.000₫ | 950.000₫ | 9 | 1.210 | 98.000₫ | \
20% | 8 | 8 | 0h 9min | 8.125 | 100 | 3 | 2.505 | 105.556₫ | 1,60% | 59s | 5 | 12 | 6.010 | 501 | 8,34%""")
# after the Thai names of the measures
THAI = _rows("""\
ID ครีเอเตอร์ | ครีเอเตอร์ | เวลาเริ่มต้น | ระยะเวลา | GMV ที่มาจาก LIVE (฿) | คำสั่งซื้อ | คำสั่งซื้อ SKU | \
สินค้าที่ขายได้ | ลูกค้า | ผู้ชม | ยอดดู | ความคิดเห็น | แชร์ | ถูกใจ | ผู้ติดตามใหม่ | ยอดการแสดงผลสินค้า | \
ยอดคลิกสินค้า | CTR | CTOR
71268743518660372 | ร้านซี | 2026/07/31/ 21:03 | 2 ชั่วโมง 57 นาที | ฿123,456.50 | 180 | 190 | 200 | 150 | \
3,005 | 20,540 | 400 | 30 | 12,500 | 45 | 61,020 | 9,010 | 14.77% | 2.00%
71268743518660372 | ร้านซี | 2569/08/01 20:00 | 9 นาที | ฿950.00 | 8 | 8 | 9 | 8 | 1,210 | 8,125 | 100 | 3 | \
2,505 | 5 | 6,010 | 501 | 8.34% | 1.60%""")
# 抖音电商罗盘 直播间列表
COMPASS = _rows("""\
主播头像 | 主播昵称 | 主播抖音号 | 直播开始时间 | 直播结束时间 | 直播时长(分钟) | 直播间曝光人数 | \
直播间曝光次数 | 直播间观看人数 | 单小时观看人数 | 直播间观看次数 | 最高在线人数 | 平均在线人数 | \
人均观看时长(分钟) | 评论次数 | 新增粉丝数 | 取关粉丝数 | 直播间商品曝光人数 | 直播间商品点击人数 | \
直播间商品曝光次数 | 直播间商品点击次数 | 直播间成交订单数 | 直播间成交金额 | 直播间用户支付金额 | \
直播间成交件数 | 直播间成交人数 | 直播间退款金额 | 商品曝光-点击率(次数) | 商品曝光-点击率(人数) | \
商品点击-成交率(次数) | 商品点击-成交率(人数) | 投放消耗(店铺绑定) | 投放消耗(店铺被投)
- | 清禾 | 793000514 | 2026/09/07 08:55:37 | 2026/09/08 00:55:49 | 960 | 182584 | 280286 | 15093 | 943.1 | \
21254 | 75 | 24 | 1.07 | 660 | 518 | 12 | 12774 | 6390 | 67458 | 10306 | 1536 | 61045.3 | 59847.17 | 1547 | \
1513 | 14603.08 | 0.1528 | 0.5002 | 0.149 | 0.2368 | 24052.43 | 24052.43
- | 清禾 | 793000514 | 2026/09/09 20:00:00 | 2026/09/09 22:00:00 | 120 | 2000 | 4000 | 500 | 250 | 900 | 40 | \
12 | 2.5 | 30 | 9 | 1 | 400 | 200 | 900 | 300 | 30 | 2990 | 2900 | 31 | 29 | - | 0.3333 | 0.5 | 0.1 | 0.145 | \
0 | 0""")
# 生意参谋 直播分场次效果
SYCM = _rows("""\
场次信息 | 场次ID | 直播开播时间 | 开播时长 | 封面图点击率 | 观看人数 | 观看次数 | 新增粉丝数 | 流量券消耗 | \
观看总时长（秒） | 人均观看时长（秒） | 次均观看时长（秒） | 商品点击人数 | 商品点击次数 | 商品点击率 | \
加购人数 | 加购件数 | 加购次数 | 成交金额（元） | 成交人数 | 成交件数 | 成交笔数 | 成交转化率 | 退款人数 | \
退款笔数 | 退款件数 | 退款金额
春季新品 | 314814374449 | 2026-06-16 20:12:45 | 3小时12分 | 5.20% | 2,438 | 5,747 | 22 | -- | 574,700 | 235.7 | \
100 | 702 | 2,662 | 28.79% | 55 | 111 | 120 | 3,127.18 | 11 | 30 | 27 | 1.57% | 1 | 1 | 1 | 89.99
清仓 | 314814374450 | 2026-06-17 20:00:00 | 59分30秒 | 4.00% | 1,000 | 2,000 | 5 | -- | 160,000 | 160 | 80 | \
300 | 900 | 30.00% | 20 | 40 | 41 | 1,000.50 | 4 | 9 | 8 | 1.33% | 0 | 0 | 0 | --""")
# the same report, earlier
EARLIER_SYCM = _rows("""\
直播标题 | 场次ID | 开播时间 | 开播时长 | 直播间浏览次数 | 直播间访问人数 | 新增粉丝数 | 商品点击人数 | \
商品点击次数 | 种草成交人数 | 种草成交件数 | 种草成交笔数 | 种草成交金额 | 观看总时长 | 次均观看时长
春季新品 | 314814374449 | 2026-06-16 20:12:45 | 3小时12分 | 5747 | 2438 | 22 | 702 | 2662 | 11 | 30 | 27 | \
3127.18 | 574700 | 100
清仓 | 314814374450 | 2026-06-17 20:00:00 | 59分30秒 | 2000 | 1000 | 5 | 300 | 900 | 4 | 9 | 8 | 1000.5 | \
160000 | 80""")
# format → exports of it that are read in the same way: (rows, lines above the headings)
LIVE = {
    "tiktok-live-indonesian": [(INDONESIAN, 2), (EARLIER_INDONESIAN, 2)],
    "tiktok-live-vietnamese": [(VIETNAMESE, 2), (VIETNAMESE_PARTNER, 0)],
    "tiktok-live-thai": [(THAI, 2)], "douyin-compass-live": [(COMPASS, 0)],
    "sycm-live": [(SYCM, 0), (EARLIER_SYCM, 0)]}

TIKTOK_ORDERS = """Order ID,Order Status,Order Substatus,Cancelation/Return Type,Normal or Pre-order,SKU ID,Seller SKU,\
Product Name,Variation,Quantity,Sku Quantity of return,SKU Unit Original Price,SKU Subtotal Before Discount,\
SKU Platform Discount,SKU Seller Discount,SKU Subtotal After Discount,Shipping Fee After Discount,Order Amount,\
Order Refund Amount,Created Time,Paid Time,Buyer Username,Recipient,Phone #,Detail Address
Platform unique order ID.,Current order status.,Order sub status.,,,Platform SKU ID.,SKU of the seller.,Product name.,\
SKU variation,SKU sold quantity in the order.,SKU quantity of return.,Original price.,SKU original price * Quantity,,,\
After discount,,,,Order created time.,Order paid time.,Buyer user name.,,,
"576461413038785752\t",Completed,,,Normal,172938,D-1,Dress,Red,1,0,IDR 120.000,IDR 120.000,IDR 5.000,IDR 5.000,\
IDR 110.000,IDR 10.000,IDR 150.000,IDR 0,"15/12/2025 09:30:33\t",15/12/2025 09:31:00,mia88,Mia Muster,(+62)81,Jl. A 1
"576461413038785752\t",Completed,,,Normal,172939,S-1,Scarf,,2,0,IDR 15.500,IDR 31.000,IDR 0,IDR 1.000,\
IDR 30.000,IDR 10.000,IDR 150.000,IDR 0,"15/12/2025 09:30:33\t",15/12/2025 09:31:00,mia88,Mia Muster,(+62)81,Jl. A 1
576461413038785753,Canceled,,Cancel,Normal,172939,S-1,Scarf,,1,0,IDR 15.500,IDR 15.500,IDR 0,IDR 0,\
IDR 15.500,IDR 10.000,IDR 25.500,IDR 0,02/12/2025 10:00:00,,tom9,Tom Test,(+62)82,Jl. B 2
"""
SYCM_ORDERS = """直播标题,开播时间,场次ID,代播主播名称,会员名,直播间粉丝层级,商品ID,商品标题,商品一级类目,父订单,\
子订单,下单时间,支付时间,支付金额,确认收货时间,确认收货金额,代播ID
春季新品,2026-06-16 20:12:45,314814374449,-,米*4,铁粉,6409,连衣裙,童装,1878,18781,2026-06-16 23:44:19,\
2026-06-16 23:44:26,89.99,-,-,-
春季新品,2026-06-16 20:12:45,314814374449,-,米*4,铁粉,6410,围巾,童装,1878,18782,2026-06-16 23:44:19,\
2026-06-16 23:44:26,20.01,-,-,-
春季新品,2026-06-16 20:12:45,314814374449,-,汤*2,新粉,6410,围巾,童装,1879,18791,2026-06-17 00:10:00,-,20.01,-,-,-
"""
ORDERS = {"tiktok-orders": TIKTOK_ORDERS, "sycm-live-orders": SYCM_ORDERS}


def workbook(path, rows, above=0):
    """Write rows as a workbook, with a period and an empty line above the headings where there are lines above."""
    book = Workbook()
    for row in [["2026-07-01 ~ 2026-07-31"], []][:above] + rows:
        book.active.append(row)
    book.save(path)
    return path
