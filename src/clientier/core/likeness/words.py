"""Words that tell companies from people, but not one company from another: forms, groups, trades and places."""

from __future__ import annotations


def spaced(text: str) -> frozenset[str]:
    """The words of a text."""
    return frozenset(text.split())


# Longest first, so that a part is not taken before the whole.
CHINESE_FORMS = (
    "股份有限责任公司", "有限责任公司", "股份有限公司", "集团有限公司", "控股有限公司", "有限合伙企业", "特殊普通合伙",
    "普通合伙企业", "股份合作公司", "有限公司", "股份公司", "总公司", "分公司", "子公司", "有限合伙", "普通合伙",
    "个人独资企业", "合伙企业", "个体工商户", "公司", "企业", "股份", "集团", "控股", "有限", "责任",
)  # fmt: skip
CHINESE_TRADES = (
    "科学技术", "信息技术", "网络技术", "电子商务", "国际贸易", "进出口", "生物科技", "新能源", "新材料",
    "科技", "技术", "贸易", "商贸", "经贸", "实业", "产业", "发展", "投资", "建设", "开发", "工程", "管理", "咨询",
    "服务", "国际", "网络", "信息", "电子", "制造", "机械", "设备", "工业", "经营", "销售", "股权", "创业", "商务",
)  # fmt: skip
PLACE_ENDS = "省市区县州盟旗"
CHINESE_PLACES = (
    "中华人民共和国", "内蒙古自治区", "广西壮族自治区", "宁夏回族自治区", "新疆维吾尔自治区", "西藏自治区",
    "香港特别行政区", "澳门特别行政区", "中国", "中华", "全国",
    "北京", "天津", "上海", "重庆", "河北", "山西", "辽宁", "吉林", "黑龙江", "江苏", "浙江", "安徽", "福建", "江西",
    "山东", "河南", "湖北", "湖南", "广东", "广西", "海南", "四川", "贵州", "云南", "西藏", "陕西", "甘肃", "青海",
    "宁夏", "新疆", "内蒙古", "台湾", "香港", "澳门",
    "石家庄", "太原", "呼和浩特", "沈阳", "大连", "长春", "哈尔滨", "南京", "无锡", "苏州", "常州", "南通", "徐州",
    "杭州", "宁波", "温州", "嘉兴", "绍兴", "台州", "合肥", "芜湖", "福州", "厦门", "泉州", "南昌", "济南", "青岛",
    "烟台", "潍坊", "郑州", "洛阳", "武汉", "宜昌", "长沙", "株洲", "广州", "深圳", "珠海", "佛山", "东莞", "中山",
    "惠州", "江门", "汕头", "南宁", "桂林", "柳州", "海口", "三亚", "成都", "绵阳", "贵阳", "昆明", "拉萨", "西安",
    "兰州", "西宁", "银川", "乌鲁木齐", "包头", "唐山", "保定", "扬州", "镇江", "盐城", "金华", "湖州", "赣州",
    "襄阳", "荆州", "岳阳", "衡阳", "湛江", "肇庆", "台北", "新北", "高雄", "台中", "台南", "新竹",
)  # fmt: skip
CHINESE_SHORT = {
    "工行": "工商银行", "农行": "农业银行", "建行": "建设银行", "交行": "交通银行", "招行": "招商银行",
    "中行": "中国银行", "邮储银行": "邮政储蓄银行", "浦发银行": "上海浦东发展银行", "供销社": "供销合作社",
}  # fmt: skip
LATIN_FORMS = spaced(
    "ag gmbh mbh kg kgaa ohg ug ev eg inc incorporated corp corporation co company cos ltd limited llc "
    "llp lp plc pllc pc pty sa sas sarl sasu snc sca srl srls spa sl slu sau se nv bv cv vof as asa aps "
    "ab oy oyj kft zrt nyrt sro doo dd ad ead ood eood jsc ojsc cjsc pjsc ooo oao zao pao ltda sociedad "
    "anonima kk kabushiki kaisha gk yk pte sdn bhd tbk pt cia gesellschaft aktiengesellschaft societe "
    "anonyme"
)
LATIN_FILLERS = spaced(
    "the and und et y e of de la le les der die das & group groupe gruppe grupo gruppo holding holdings "
    "international intl"
)
LATIN_TRADES = spaced(
    "trading trade technology technologies tech industries industry industrial enterprises enterprise "
    "services service solutions systems consulting consultants import export manufacturing global "
    "partners"
)
FREE_MAIL = spaced(
    "qq.com vip.qq.com foxmail.com 163.com vip.163.com 126.com yeah.net 139.com 189.cn wo.cn 21cn.com "
    "tom.com sina.com sina.cn sohu.com aliyun.com hotmail.com outlook.com live.com msn.com gmail.com "
    "googlemail.com yahoo.com yahoo.co.jp yahoo.co.uk ymail.com icloud.com me.com mac.com aol.com "
    "proton.me protonmail.com gmx.de gmx.net gmx.com web.de t-online.de freenet.de mail.ru yandex.ru "
    "yandex.com orange.fr free.fr laposte.net wanadoo.fr libero.it naver.com daum.net hanmail.net "
    "pchome.com.tw hinet.net zoho.com mail.com fastmail.com"
)
PUBLIC_ENDS = spaced("com net org gov edu ac co gob go or ne")
