"""The words by which :mod:`liveshop.methods.comments` reads: to be read, argued about and mended by the team.

Words are parted by spaces. Chinese ones match a word as the segmenter cuts it; Latin ones a whole word (a final *
allows endings, a hyphen stands for a space or a hyphen).
"""

# What a comment is about.
TOPICS = {
    "picture": (
        "screen video picture stream loading network camera zoom mic microphone volume sound audio voice sync "
        "buffering 声音 画面 画质 镜头 灯光 滤镜 近景 特写 麦 麦克风 音乐声 音量 清晰度 像素 我网 网络 静音 加载 "
        "信号 切近景 光线 曝光 美颜 麦没开 角度 背面 正面 缓冲 拍到 延迟"
    ),
    "size": (
        "size* fit fits fitting small medium large xs xl xxl xxxl plus-size* tall height weight kg cm lb lbs "
        "waist bust hip hips long short loose tight petite oversize* length 尺码 尺码表 码数 码子 码 几码 大码 "
        "小码 均码 加大码 加长款 大小 偏大 偏小 正码 身高 体重 斤 公斤 多高 多重 小个子 矮个子 高个子 穿多大 多大 "
        "几号 多大号 大一号 小一号 腰围 胸围 臀围 肩宽 衣长 裤长 裙长 袖长 袖子 腿长 大腿 腿粗 公分 厘米 梨形 "
        "膝盖 脚踝 小只 微胖 胖 显胖 宽松 修身 版型 拖地 合身 脚 孕妇 男生 穿得下 塞进去 拉不上 码正 几斤 瘦 高个 "
        "体型 肚子 腿围 鞋码 内长 号型 中号 领口 走光 露 小腿 脚面 手臂 胳膊 身材 尺寸"
    ),
    "price": (
        "price* cheap* expensive cost* discount* coupon* deal* yuan how-much sale off voucher* budget bucks "
        "dollars membership can-you-do 多少钱 多少米 几块 几块钱 价格 价钱 价 这价 什么价 便宜 便宜点 贵 贵了 "
        "比昨天贵 太贵 买贵 不贵 优惠 优惠券 券 领券 打折 打几折 折扣 折 几折 骨折价 降价 降 改价 破价 原价 差价 "
        "价保 保价 划算 块钱 块 元 满减 拿下 活动价 到手 到手价 最低价 最低 秒杀 福利价 粉丝价 会员价 新人券 红包 "
        "红包雨 补贴 百亿补贴 定金 预算 叠加 买一送一 拍两件 送一件 两件 抢钱 买不起 专柜 价位 报价 贵不贵 券后 "
        "津贴 立减 凑单 分期 免息 花呗 拼单 团购价 怎么卖 咋卖 总共 一共 合计 出头 总价 total"
    ),
    "material": (
        "material* fabric* cotton wool silk linen polyester leather thick* thin* soft warm breathable wash* "
        "shrink* lining lined stretch* itchy see-through pill pills pilling dryer fade fades blend 面料 料子 材质 "
        "布料 成分 成分表 纯棉 棉 棉质 含棉量 羊毛 羊绒 真丝 仿真丝 亚麻 冰丝 雪纺 牛仔 牛皮 真皮 充绒量 加绒 厚 "
        "薄 厚款 薄款 厚不厚 透 透不透 透气 柔软 亲肤 弹力 弹性 里衬 内衬 衬里 水洗 机洗 手洗 洗衣机 熨 热不热 闷 "
        "闷不闷 静电 敏感 细节 拉链 口袋 吊牌 防晒 勾丝 皱 聚酯纤维 涤纶 莫代尔 含绒量 克重 软 硬 软不软 硬不硬 "
        "暖和 保暖 凉快 吸汗 垂感 干洗 内胆 毛领 绒 纱 网纱 布 扣子 防水 荧光剂 度的天 度能穿 鼓包 made-of "
        "wrinkle*"
    ),
    "shipping": (
        "ship* deliver* arriv* courier express parcel post* tracking dispatch* customs in-stock stock pre-order "
        "发货 快递 快递费 物流 几天到 几天能到 几天 到货 包邮 包不包邮 邮 邮费 运费 运费险 能收到 没收到 还没发 "
        "没动 寄 顺丰 中通 圆通 韵达 送到 送货 送货上门 驿站 什么时候到 啥时候到 多久到 能发 能到 收到吗 收到货 "
        "收货时间 现货 有货 没货 还有货 补货 预售 单号 签收 拦截 偏远地区 明天能发 发得出来 到哪了 一起发 从哪发 "
        "申通 极兔 京东快递 多久发 什么时候寄 派送 派件 丢件 自提 加急 在途 转运 收得到 晚点发 早点发 今天发 "
        "现在发 隔天 当天 postage restock*"
    ),
    "service": (
        "service refund* return* agent reply replies answer answers support help customer-service exchange* "
        "warranty invoice receipt cancel* swap address note 客服 人工 回复 售后 寄回 寄回去 退 能退 退换 退货 "
        "退款 退吗 退差 换货 换颜色 能换 保修 质保 发票 联系 没人理 没人回 不理人 不回 地址 改地址 备注 "
        "七天无理由 无理由 订单 下单 下错 拍错 拍重 取消 申请 少发 积分 小黄车 链接 几号链接 收货人 礼盒 包装 赔 "
        "假一赔十 包退 包换 拒收 漏发 补发 赠品 怎么买 付款 付不了 支付 拍不了 改尺码 运单 权益 电话 手机号 一单 "
        "两单 改单 合单 解决 给换 换一件 wrong-address"
    ),
}

# What it says of the goods or the shop: praise, or a complaint.
GOOD = (
    "love* great nice nicely beautiful lovely perfect amazing good gorgeous pretty best excellent wow happy "
    "satisf* recommend* worth thank* thanks comfy comfortable cute stunning i-like like-it like-them can't-stop "
    "no-complaints my-third well-made 好看 好康 喜欢 漂亮 不错 好评 满意 完美 爱了 爱了爱了 美 太美 美哭 绝 绝了 "
    "绝绝子 yyds 值 值得 超值 推荐 太好 很好 真好 好用 好穿 舒服 舒适 回购 回购了 支持 谢谢 感谢 性价比 性价比高 "
    "种草 闭眼入 买它 神仙 显白 显瘦 显高 气质 高级 高级感 惊喜 颜值 五星 良心 审美在线 颜值在线 质量在线 可以的 "
    "可以啊 真可以 真的可以 有点东西 不输 太棒 好棒 棒 优秀 给力 厉害 绝美 高端 大气 洋气 百搭 耐穿 物超所值 "
    "划得来 爱惨 心动 好漂亮 美翻 安利 强推 必买 必入 回头客 放心 正品 奈斯 国货之光 夸 入股 光临 回头率 满分 "
    "宝藏 质感 不亏 不冤 眼光 没话说 没得说 obsessed 杠杠的 无敌 点赞 赞 真香 好香 靠谱 惊艳 比想象中好 想象中好 "
    "老粉 都说好 说好 第三件 大牌 挑不出毛病 神裙"
)
BAD = (
    "bad terrible awful worst disappoint* broken torn damaged wrong angry unhappy complaint* poor hate* annoy* "
    "cheap-looking feels-cheap not-like nothing-like waste hole holes loose-threads threads faded off odd odds "
    "smell smells smelly fell-apart never-again sold-out ridiculous regret* 失望 坏 坏了 破 破了 洞 后悔 投诉 "
    "不值 发错 差 太差 很差 巨差 差劲 差评 难看 丑 太丑 一般 一般般 不行 不好 不如 不像 显老 显胖 粗糙 太薄 太厚 "
    "太小 太大 太短 太长 太紧 太慢 慢 有味道 怪味 异味 臭 线头 掉了 开线 废了 没法看 抢不到 没抢到 又没抢到 "
    "抢不上 没抢上 和图片不一样 不一样 货不对板 两回事 不对 浪费 毛病 踩雷 踩过雷 雷 避雷 翻车 翻过车 拉胯 崩了 "
    "坑 糟糕 鸡肋 劣质 廉价 山寨 高仿 恶心 气死 生气 糊弄 敷衍 不符 图文不符 忽悠 瑕疵 脱线 破洞 污渍 脏 硬邦邦 "
    "显黑 显矮 土 老气 俗 再也不 学费 地摊货 比不上 灾难 拉黑 气得 发黄 不起来 looks-cheap 老是 low 没好货 骗人"
)
# Counts as a complaint in a question too.
STRONG = (
    "scam fake rip-off ripoff useless cheat* lie liar joke 骗 骗子 假货 垃圾 智商税 无语 别信 乱七八糟 什么玩意 "
    "什么玩意儿 玩意儿 割韭菜 虚假 虚假宣传 别买 不怎么样 呵呵 二手 好什么好 说好的 离谱 就这 套路 逗我 被耍 耍 "
    "再买我是狗 上当 被坑 坑人 坑爹 黑心 无良 差评预定 一言难尽"
)
# Stated a complaint, asked a question about the goods, denied a praise.
DEFECTS = (
    "掉色 缩 起球 色差 缩水 变形 扎 扎人 扎不扎人 起皱 掉毛 褪色 勾线 味道 抽丝 染色 生锈 发黄 起静电 shrinks "
    "fades itchy"
)
# Of the goods, but no topic unless asked about.
GOODS = (
    "质量 做工 实物 颜色深 颜色 quality"
)
# Mood without a word on the goods: faults of the picture, a price too high, a wait too long; and the reverse.
FAULTS = (
    "lag* stutter* freez* froze frozen blurry blur mute* no-sound out-of-sync black-screen behind 卡 卡了 好卡 "
    "很卡 太卡 卡顿 卡死 卡住 卡成 转圈 转圈了 转圈圈 黑屏 没声 没声音 没声儿 听不见 听不到 看不清 看不见 模糊 糊 "
    "糊了 掉线 杂音 不同步 晃 反光 断断续续 糊成 缓冲 延迟 crackling 听不清 听不清楚 看不清楚 没画面 噪音 回音 "
    "电流声 太暗 一顿一顿 忽大忽小"
)
SOUR = (
    "背刺 没一个解决 复制粘贴 expensive overpriced 太贵 贵了 抢钱 买不起 先涨后降 怎么还不 怎么还 还没发 都几天 "
    "催 催三遍 没动 没到 没收到 没人理 没人回 不理人 不回 半天 still nothing nobody 👎 😡 😤 💔 😠"
)
SWEET = (
    "steal bargain 划算 耐心 真快 好快 神速 赚了 软乎乎 速度 清楚 清晰 👍 ❤ 😍 🥰 😊 🎉 💕 💯"
)
# Words that turn what follows.
NEGATORS = (
    "not no never none nothing hardly without isn't aren't wasn't weren't don't doesn't didn't won't wouldn't "
    "can't cannot couldn't shouldn't haven't hasn't ain't 不 没 没有 别 不太 不是 不够 不会 不怎么 没那么 没什么 "
    "没啥 无 未 从不 从没 从来没 毫无 并不 并没有 没有那么"
)
CONTRASTS = (
    "but however though 但 但是 就是 不过 可惜 可是 只是"
)
ASKING = (
    "? ？ 怎么弄 吗 嘛 么 有没有 会不会 是不是 能不能 可不可以 要不要 好不好 能否 是否 多少 什么 啥 哪 哪里 哪儿 "
    "哪个 咋 怎么 怎样 如何 多久 多大 多高 还是 求 求推荐 几天 几号 几块 几折 几码"
)
ASKS_FIRST = (
    "do does did is are was will would can could how what when where which who any has have should may"
)
# Advertising by others: whatever else it says, it is none of the shop's business.
SPAM = (
    "互粉 互赞 互关 加微信 加我微信 加v 兼职 日结 主页 私聊 私信我 刷单 follow-me follow-for-follow dm-me"
)
# Words that hide others: without a segmenter, these keep the words inside them from being seen.
OTHERS = (
    "粉丝 粉丝团 美国 美女 美食 扫码 号码 密码 二维码 验证码 起码 数码 打卡 银行卡 会员卡 卡通 卡片 贵姓 贵州 "
    "贵阳 贵宾 高贵 满足 圆满 减肥 绝对 拒绝 坚决 值班 价值 脚本 退出 退休 紧急 赶紧 寄托 短视频 胖乎乎 "
    "声音真好听 声音好听 晃荡 换个 差不多 差点 差价 特别 分别 区别 别人 别的 级别 告别 不得不 不愧 不仅 不但 不只 "
    "不管 不要太 不好意思 没关系 没问题 没事 破费 突破 薄荷 厚道 透露 邮箱 元旦 单元 块头 支持国足 好家伙 一般都 "
    "打卡卡 五折 无限 两只 左脚 公布 熨斗 评价 票价 羽绒服 绒面 打雷 低价 没动 单一 不像话 瘦下来 露出 看到 "
    "看不出 名单 中奖 布置 分布 宣布 股价 评价 晚上好 你好 大家好 主播好 how-long good-morning good-evening "
    "good-night good-afternoon good-day"
)
