"""What people of the demo write, in Chinese and English: reports, notes, reasons, comments.

`{where}` and `{since}` in a report are filled from `WHERE` and `SINCE` of its language.
"""

from __future__ import annotations

Texts = dict[str, tuple[str, ...]]

REPORTS: dict[str, Texts] = {
    "zh-CN": {
        "plumbing": (
            "{where}的水龙头关不紧，{since}一直滴水。",
            "{where}下水很慢，{since}开始返味，麻烦来看看。",
            "{where}的角阀在渗水，地上已经湿了一片，请尽快！",
            "马桶水箱{since}不停进水，水表一直在转。",
            "{where}墙根返潮，怀疑是水管漏了。",
        ),
        "electrical": (
            "{where}的插座没电了，{since}就这样，别的房间正常。",
            "一开{where}的灯就跳闸，不敢再合了。",
            "{where}的灯{since}一闪一闪的，换了灯泡也没用。",
            "电表箱里有嗡嗡声，闻着有点焦味。",
        ),
        "lift": (
            "电梯{since}关门要关好几次，运行时有异响。",
            "电梯到三楼不平层，老人差点绊倒。",
            "电梯里的按键二楼不亮，按了也不停。",
        ),
        "door_lock": (
            "单元门的门禁{since}刷卡没反应，只能等人开门。",
            "入户门锁芯很涩，钥匙要转好久。",
            "地下室的门关不上，锁舌弹不出来。",
        ),
        "heating": (
            "{where}的暖气片上半截是凉的，{since}一直不热。",
            "暖气阀门那里在滴水，拿盆接着呢。",
            "{where}地暖不热，分水器上的表不动。",
        ),
        "wall_ceiling": (
            "{where}的天花板鼓包掉皮，{since}越来越大。",
            "外墙瓷砖有一块松了，怕掉下来砸到人。",
            "{where}墙上裂了一条缝，大概一米长。",
        ),
        "appliance": (
            "热水器打不着火，{since}洗不了热水澡。",
            "可视对讲没声音，{since}听不见门口说话。",
            "抽油烟机往屋里倒灌，邻居一做饭就满屋味。",
        ),
        "public_area": (
            "楼道三层的声控灯{since}不亮，晚上很黑。",
            "小区东门的减速带翘起来了，电动车容易摔。",
            "儿童滑梯旁边的地垫破了个洞。",
            "一楼大厅的玻璃门合页松了，关门很响。",
        ),
        "other": (
            "阳台的晾衣架摇不上去了。",
            "信箱的门掉了，{since}信件都露在外面。",
        ),
        "noise": (
            "楼上{since}半夜还在拖椅子，孩子睡不着。",
            "隔壁装修午休时间也在打电钻，已经说过两次了。",
            "楼下广场舞的音响太大，关着窗户都听得见。",
        ),
        "hygiene": (
            "二号楼的垃圾{since}没人清运，味道很大。",
            "楼道里堆了纸箱和旧家具，过道都窄了。",
            "地下车库有积水，蚊子很多。",
        ),
        "parking": (
            "我的车位又被外来车占了，打电话没人接。",
            "消防通道{since}停着两辆车，很危险。",
        ),
        "pets": (
            "有人遛狗不牵绳，小孩被吓哭了。",
            "电梯里有狗尿，{since}都没有人擦。",
        ),
        "security": (
            "东门的保安晚上不在岗，外卖员随便进。",
            "{since}有陌生人挨家敲门推销，请管一管。",
        ),
        "staff": (
            "打了三次前台电话才有人接，态度还不耐烦。",
            "约好上午来检查，等到下午也没有人。",
        ),
        "neighbour": (
            "楼上往下倒水，我晒的被子全湿了。",
            "对门的鞋柜放在公共过道里，说了也不搬。",
        ),
    },
    "en": {
        "plumbing": (
            "The tap in the {where} has been dripping {since}.",
            "Water drains very slowly in the {where}, and it smells.",
            "The valve under the sink leaks, the floor is wet. Please come soon!",
        ),
        "electrical": (
            "The sockets in the {where} are dead {since}; all others work.",
            "The light in the {where} flickers, a new bulb did not help.",
        ),
        "lift": ("The lift door closes only at the third try, {since}.",),
        "door_lock": ("My card no longer opens the front door, {since}.",),
        "heating": ("The radiator in the {where} stays cold {since}.",),
        "wall_ceiling": ("Paint is coming off the ceiling of the {where}.",),
        "appliance": ("The intercom has no sound {since}.", "The water heater will not light."),
        "public_area": ("The light on the third floor landing is out {since}.",),
        "other": ("The door of my letter box has come off.",),
        "noise": (
            "Somebody upstairs drags furniture after midnight, {since}.",
            "Drilling next door during the midday rest, again.",
        ),
        "hygiene": ("The bins behind building 2 have not been emptied {since}.",),
        "parking": ("A strange car stands on my parking place {since}.",),
        "pets": ("Dogs run off the lead in the playground every morning.",),
        "security": ("The east gate was unattended last night; anybody could walk in.",),
        "staff": ("I was promised a visit before noon, and nobody came.",),
        "neighbour": ("My neighbour keeps shoes and boxes in the shared corridor.",),
    },
}
WHERE: Texts = {
    "zh-CN": ("厨房", "主卫", "次卫", "客厅", "主卧", "阳台"),
    "en": ("kitchen", "bathroom", "living room", "bedroom"),
}
SINCE: Texts = {
    "zh-CN": ("昨晚", "今天早上", "这两天", "上周末", "前天"),
    "en": ("since last night", "since this morning", "for two days", "since the weekend"),
}

# by the technician's language and the order's category; `other` where there is none of its own
NOTES: dict[str, Texts] = {
    "zh-CN": {
        "plumbing": (
            "更换阀芯和密封圈，试水二十分钟不漏。",
            "疏通下水，清出毛发和油垢，水流正常。",
        ),
        "electrical": ("换了老化的插座面板，线头重新压紧。", "查到灯座受潮短路，已更换并测绝缘。"),
        "lift": ("调整门机皮带，清洁地坎，连续开关三十次正常。",),
        "door_lock": ("更换锁芯，三把钥匙已交给住户。", "读卡器供电松动，重新接线后正常。"),
        "heating": ("给暖气片放气，上下都热了。", "更换温控阀，打压不漏。"),
        "wall_ceiling": ("铲除空鼓，刷防水两遍，补平刷白。",),
        "appliance": ("换了点火电池，清理火孔。", "对讲分机更换听筒，通话清楚。"),
        "public_area": ("更换声控灯头两只，已试亮。", "重新固定，加了两颗膨胀螺栓。"),
        "other": ("已修好，当场试过。",),
        "complaint": ("已上门沟通，对方答应改正。", "现场处理完毕，拍了照片，会再来看。"),
    },
    "en": {
        "wall_ceiling": ("Removed the loose plaster, sealed, filled and painted.",),
        "public_area": ("Fitted two new lamps and tested the sensor.", "Fixed it with new bolts."),
        "other": ("Repaired and tested with the resident.", "Replaced the worn part; works again."),
        "complaint": ("Talked to both sides; they agreed on quiet hours.", "Cleared on the spot."),
    },
}
# name and price in fen of one piece
MATERIALS: dict[str, tuple[tuple[str, int], ...]] = {
    "plumbing": (("角阀", 3800), ("软管", 2200), ("密封圈", 300)),
    "electrical": (("插座面板", 2600), ("LED 灯座", 1900), ("空气开关", 5400)),
    "door_lock": (("锁芯", 8800), ("门禁读头", 16800)),
    "heating": (("放气阀", 1500), ("温控阀", 9600)),
    "wall_ceiling": (("防水涂料", 12800), ("腻子", 3500)),
    "appliance": (("点火电池", 800), ("对讲听筒", 6500)),
    "public_area": (("声控灯头", 2400), ("膨胀螺栓", 350)),
    "other": (("五金配件", 1200),),
}

# what the dispatcher notes who called about a quote
CALLED = ("电话联系住户，本人同意报价。", "住户来电，同意按报价施工。")
LABOUR = "人工费"
TOO_DEAR = "有点贵，能不能便宜些？"

PAUSES: dict[str, tuple[str, ...]] = {
    "parts": ("配件要从厂家调货，明天到。", "Waiting for the part, it comes tomorrow."),
    "resident_absent": ("敲门没人，电话约了下次。",),
    "supplier": ("需要电梯维保单位一起处理。",),
    "other": ("先去处理一处爆管，回头再来。",),
}
MISSED: Texts = {
    "zh-CN": ("按约定时间上门，敲门没人，电话也没接。",),
    "en": ("Rang twice at the agreed time, nobody in.",),
}
MOVED_BY_RESIDENT: Texts = {
    "zh-CN": ("临时要加班，改个时间。", "那天家里没人，改到后面吧。"),
    "en": ("I have to work then, sorry.",),
}
MOVED_BY_TECHNICIAN = ("前一处要多花些时间，往后改一改。",)
DEFERRALS = ("等配件到货再上门。", "这几天有雨，等天晴再做。", "住户出差，回来后再上门。")
HAND_BACKS = ("不是我这个工种，请改派。", "今天排满了，赶不过去，请换人。")
TRANSFERS = (
    "需要电工配合，转给同事。",
    "Needs somebody with the right tools.",
    "我明天休息，转给同事。",
)
REJECTS: Texts = {
    "zh-CN": ("还在滴水，没有修好。", "用了一个小时又坏了。", "修完没有清理，墙上都是印子。"),
    "en": ("It still leaks.", "It broke again after an hour."),
}
REOPENS: Texts = {
    "zh-CN": ("第二天又出现同样的问题。", "好了一天，又不行了。"),
    "en": ("The same fault is back today.",),
}
DECLINES: dict[str, tuple[str, ...]] = {
    "not_ours": ("属于自来水公司管道，已帮您转告。", "这是户内自装设备，请联系厂家。"),
    "cannot": ("需要业主大会同意后才能动外立面。",),
    "duplicate": ("同一处已有人报修，正在处理。",),
}
APPEALS: Texts = {
    "zh-CN": ("我问过了，对方说归物业管，请再看看。", "这是公共管道，不是我家自己装的。"),
    "en": ("The company says it is yours. Please look again.",),
}
COMMENTS: dict[str, dict[int, tuple[str, ...]]] = {
    "zh-CN": {
        5: ("师傅很专业，还帮忙清理了现场。", "来得快，修得好，谢谢！", "态度特别好 👍"),
        4: ("总体不错，来得稍微晚了点。", "修好了，就是没有提前打电话。"),
        3: ("修是修好了，等了两天。", "一般吧。"),
        2: ("跑了两趟才修好。", "等太久了。"),
        1: ("来了三次都没解决，很失望。", "不打招呼就走了，差评。"),
    },
    "en": {
        5: ("Quick and friendly, thank you!", "Perfect work."),
        4: ("Good, but a little late.",),
        3: ("Fixed in the end.",),
        2: ("It took two visits.",),
        1: ("Very disappointing.",),
    },
}
VOID_REASON = "保修期内，不应收费。"

CHECKS = ("现场查看，已修好。", "上门试过，运行正常。", "打电话无人接，从公共部位查看，无异常。")
FOLLOW_UPS = {
    True: ("住户说一切正常，忙得忘了确认。", "已修好，住户满意。"),
    False: ("住户说等得太久。", "住户说师傅没有提前打电话。", "修好了，但对态度不满意。"),
}
ANSWER = "很抱歉没有让您满意，我们会改进上门前的沟通。"

# by kind of inquiry: what is written, and what is answered
INQUIRIES: dict[str, dict[str, tuple[tuple[str, str], ...]]] = {
    "zh-CN": {
        "suggestion": (
            ("建议在东门加一个快递柜。", "已联系快递公司，下个月试装一组。"),
            ("希望晚上十点后把广场的大灯调暗些。", "已改为十点后只留路灯。"),
        ),
        "question": (
            ("电动车充电棚什么时候能用？", "验收已通过，下周一起开放。"),
            ("物业费可以按季度交吗？", "可以，到前台登记一下即可。"),
        ),
        "praise": (("保安小高帮老人提菜上楼，谢谢他！", "谢谢您，已转告他本人。"),),
    },
    "en": {
        "suggestion": (("A bench near the playground would be nice.", "Two are ordered."),),
        "question": (("Where can I leave old furniture?", "By the east gate, on Saturdays."),),
        "praise": (("The stairs have never been so clean. Thank you!", "Thank you, we told her."),),
    },
}
