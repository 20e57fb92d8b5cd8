"""Texts to begin with: first polite, then firm; key customers are written to as partners. They are changed as records."""

from django.db import migrations

PARTNERS = ("important", "major")
EN = {
    ("", 1): (
        "A friendly reminder: {amount} is open",
        "Dear {customer},\n\nit may have escaped your notice: the following is past its day, the oldest by {days} days."
        "\n\n{invoices}\n\nTogether {amount}. If it is on its way already, please take this as read. Should anything be "
        "unclear, just answer; we will see to it.\n\nKind regards\n{sender}\n{company}, {day}",
    ),
    ("", 2): (
        "Second reminder: please pay {amount}",
        "Dear {customer},\n\non our first reminder we have not heard from you. This is still open:\n\n{invoices}\n\n"
        "Please pay {amount} within seven days, or tell us by when you will.\n\nRegards\n{sender}\n{company}, {day}",
    ),
    ("", 3): (
        "Last reminder before further steps: {amount}",
        "Dear {customer},\n\nin spite of two reminders this is unpaid, the oldest for {days} days:\n\n{invoices}\n\n"
        "We must receive {amount} within seven days. After that we deliver only against payment in advance and hand the "
        "claim over for collection.\n\n{sender}\n{company}, {day}",
    ),
    ("partner", 1): (
        "About {amount} that is open between us",
        "Dear {customer},\n\nwe value working with you, so let us look at this together: the following is past its day."
        "\n\n{invoices}\n\nIs there anything on our side that keeps it? I am glad to call whenever it suits you.\n\n"
        "With kind regards\n{sender}\n{company}, {day}",
    ),
    ("partner", 3): (
        "{amount}: we need a date from you",
        "Dear {customer},\n\nwe have spoken about the following, and it is still open, the oldest for {days} days:\n\n"
        "{invoices}\n\nPlease name a day on which {amount} will be paid, so that deliveries can go on as planned.\n\n"
        "With kind regards\n{sender}\n{company}, {day}",
    ),
}
HANS = {
    ("", 1): (
        "温馨提示：尚有 {amount} 未付",
        "{customer}：\n\n您好！以下款项已过付款日，最早的一笔逾期 {days} 天，可能是一时疏忽：\n\n{invoices}\n\n"
        "合计 {amount}。如已付款，请忽略本提示；如有任何疑问，欢迎直接回复，我们会尽快处理。\n\n顺祝商祺\n{sender}\n{company}，{day}",
    ),
    ("", 2): (
        "第二次提示：请支付 {amount}",
        "{customer}：\n\n上次提示后尚未收到您的回复，以下款项仍未结清：\n\n{invoices}\n\n"
        "请在七日内支付 {amount}，或告知预计付款日期。\n\n{sender}\n{company}，{day}",
    ),
    ("", 3): (
        "最后催款：{amount}",
        "{customer}：\n\n经两次提示，以下款项仍未支付，最早的一笔已逾期 {days} 天：\n\n{invoices}\n\n"
        "请务必在七日内付清 {amount}。逾期我们将改为款到发货，并将债权移交催收。\n\n{sender}\n{company}，{day}",
    ),
    ("partner", 1): (
        "关于尚未结清的 {amount}",
        "{customer}：\n\n感谢您一直以来的信任。以下款项已过付款日，想与您一起看看：\n\n{invoices}\n\n"
        "若是我们这边有哪里没做到位，请告诉我，我随时可以与您通话。\n\n顺祝商祺\n{sender}\n{company}，{day}",
    ),
    ("partner", 3): (
        "{amount}：请确认付款日期",
        "{customer}：\n\n我们此前沟通过的以下款项仍未结清，最早的一笔已逾期 {days} 天：\n\n{invoices}\n\n"
        "请确认 {amount} 的付款日期，以便后续供货按计划进行。\n\n顺祝商祺\n{sender}\n{company}，{day}",
    ),
}
HANT = {
    ("", 1): (
        "溫馨提示：尚有 {amount} 未付",
        "{customer}：\n\n您好！以下款項已過付款日，最早的一筆逾期 {days} 天，可能是一時疏忽：\n\n{invoices}\n\n"
        "合計 {amount}。如已付款，請忽略本提示；如有任何疑問，歡迎直接回覆，我們會盡快處理。\n\n順頌商祺\n{sender}\n{company}，{day}",
    ),
    ("", 2): (
        "第二次提示：請支付 {amount}",
        "{customer}：\n\n上次提示後尚未收到您的回覆，以下款項仍未結清：\n\n{invoices}\n\n"
        "請在七日內支付 {amount}，或告知預計付款日期。\n\n{sender}\n{company}，{day}",
    ),
    ("", 3): (
        "最後催款：{amount}",
        "{customer}：\n\n經兩次提示，以下款項仍未支付，最早的一筆已逾期 {days} 天：\n\n{invoices}\n\n"
        "請務必在七日內付清 {amount}。逾期我們將改為款到發貨，並將債權移交催收。\n\n{sender}\n{company}，{day}",
    ),
    ("partner", 1): (
        "關於尚未結清的 {amount}",
        "{customer}：\n\n感謝您一直以來的信任。以下款項已過付款日，想與您一起看看：\n\n{invoices}\n\n"
        "若是我們這邊有哪裡沒做到位，請告訴我，我隨時可以與您通話。\n\n順頌商祺\n{sender}\n{company}，{day}",
    ),
    ("partner", 3): (
        "{amount}：請確認付款日期",
        "{customer}：\n\n我們此前溝通過的以下款項仍未結清，最早的一筆已逾期 {days} 天：\n\n{invoices}\n\n"
        "請確認 {amount} 的付款日期，以便後續供貨按計劃進行。\n\n順頌商祺\n{sender}\n{company}，{day}",
    ),
}


def write(apps, editor):
    model = apps.get_model("trade", "DunningText")
    model.objects.bulk_create(
        model(level=level, tier=tier, language=language, subject=subject, text=text)
        for language, texts in (("en", EN), ("zh-hans", HANS), ("zh-hant", HANT))
        for (whom, level), (subject, text) in texts.items()
        for tier in (PARTNERS if whom else ("",))
    )


class Migration(migrations.Migration):

    dependencies = [('trade', '0007_rights')]

    operations = [migrations.RunPython(write, migrations.RunPython.noop)]
