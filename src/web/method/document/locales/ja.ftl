document-choice = 身分証明書と本人の写真で
document-title = 写真による本人確認
document-cannot = この方法は使えません
document-later = いったん戻り、後でもう一度ログインする

document-needed = 必要なもの
document-need-document = 身分証明書の原本(コピーは使えません)と、カメラ付きのスマートフォンまたはパソコン。
document-issuers = 次のいずれかの国(パスポートの略号)が発行したものに限ります: { $states }
document-need-face = ご本人の写真も撮っていただきます。
document-need-paper = メモを持ったご本人の写真も撮っていただきます。紙とペンをご用意ください。
document-may-cover = 不要な部分は隠してかまいません。証明書の番号、住所、署名がそれに当たります。顔写真、氏名、生年月日、有効期限は読めるようにしてください。
document-why = 目的
document-why-text = ログインしているのが確かにご本人であることを、ご所属の組織が確認するためです。写真を見比べて判断するのは人であり、機械ではありません。
document-who = 写真を見る人
document-who-text = この業務を担当するご所属の組織の職員だけです。写真はこのサービスの中に保管され、ほかの誰にも渡されません。
document-contact = ご質問、苦情、すべての削除のご依頼はこちらへ:{ $contact }
document-deleted = 写真が削除される時期
document-kept-unsent = 送信しなかった場合:このログインの後、まもなく。
document-kept-withdrawn = 判断の前にやめた場合:すぐに。
document-kept-record = 残るのは、いつどのように確認したかという記録だけで、そこから写真を復元することはできません。法律で求められる場合は、写真をより長く保管します。
document-kept-approved = { $days ->
   *[other] 確認できた場合:その結果を使うログインの{ $days }日後。
}
document-kept-approved-at-once = 確認できた場合:その結果を使うログインのとき。
document-kept-untaken = { $days ->
   *[other] 判断が出てから{ $days }日以内にログインがないと、その判断は無効になります。確認できたという判断だった場合、写真はその時点で削除されます。
}
document-kept-rejected = { $days ->
   *[other] 確認できなかった場合:判断の{ $days }日後。
}
document-kept-open = { $days ->
   *[other] 判断されなかった場合:最後に写真を送った、または求められた日から{ $days }日後。
}
document-duration = かかる時間
document-duration-text = 約5分です。その後、担当者が写真を確認します。通常は1営業日以内です。ここでお待ちいただく必要はありません。
document-which = お持ちの身分証明書を選んでください
document-passport = パスポート
document-identity-card = 身分証明書カード(IDカード)
document-residence-permit = 在留カード(滞在許可証)
document-driving-licence = 運転免許証
document-consent = 以上を読み、このために写真が使われることに同意します。
document-anew-counts = 以前に送信した写真は削除されます。最初からやり直すと、写真を送信できる回数のうちの1回と数えられます。

document-step = 写真 { $step }
document-passport-page = パスポートの顔写真のページの写真
document-identity-card-front = 身分証明書カードの表面の写真
document-identity-card-back = 身分証明書カードの裏面の写真
document-residence-permit-front = 在留カードの表面の写真
document-residence-permit-back = 在留カードの裏面の写真
document-driving-licence-front = 運転免許証の表面の写真
document-driving-licence-back = 運転免許証の裏面の写真
document-selfie = ご本人の写真
document-selfie-paper = メモを持ったご本人の写真
document-selfie-in-hand = 身分証明書を持ったご本人の写真
document-pose = ご本人の2枚目の写真
document-paper = 次の文字を紙に大きくはっきり書き、顔の横に持ってください:
document-pose-left = この写真では、顔をご自分の左へ向けてください。
document-pose-right = この写真では、顔をご自分の右へ向けてください。
document-pose-up = この写真では、あごを上げてください。
document-pose-hand = この写真では、正面を向き、片手を頬に当ててください。
document-how-flat = 暗い色の無地の台の上に平らに置いてください。
document-how-corners = 四隅がすべて写るようにしてください。
document-how-glare = フラッシュは使わず、反射がないようにしてください。
document-how-alone = ほかの人が写らないようにしてください。
document-how-light = 顔の正面から光が当たるようにしてください。サングラスなど、顔を隠すものは外してください。
document-how-arm = 腕を伸ばしてスマートフォンを持ってください。顔が正確に中央になくてもかまいません。
document-example-page = 例:顔写真のページ全体が、下の2行まで写真いっぱいに写っています。
document-example-front = 例:顔写真のあるカード全体が、写真いっぱいに写っています。
document-example-back = 例:カードの裏面全体が、写真いっぱいに写っています。
document-example-face = 例:頭と肩が正面から写っています。
document-example-paper = 例:頭と肩が正面から写り、顔の横に大きな文字の紙があります。
document-example-in-hand = 例:頭と肩が正面から写り、顔の横に身分証明書の顔写真の面があります。
document-example-pose = 例:このページの指示どおりに、頭と肩が写っています。
document-take = 写真を撮る
document-send-photo = この写真を送信
document-choose = すでにある写真を選ぶ
document-send-chosen = 選んだ写真を送信
document-look-before = 送信した写真を見る
document-check-document = 小さな文字まで、すべて読めますか?
document-check-person = 顔がはっきり分かり、求められたものがすべて写っていますか?
document-check-alt = あなたの写真
document-use = この写真を使う
document-again = 撮り直す

document-summary-title = 写真がすべてそろいました
document-look = 見る
document-have = この写真は受け取っています。
document-send-text = では送信してください。その後、ご所属の組織の担当者が確認します。
document-send = 写真を送信する
document-limit-minutes = { $minutes ->
   *[other] 写真を送信できる回数に達しました。あと{ $minutes }分で、また送信できます。
}
document-limit-hours = { $hours ->
   *[other] 写真を送信できる回数に達しました。あと{ $hours }時間で、また送信できます。
}

document-waiting-title = 写真は組織に届いています
document-waiting-text = 担当者が確認し、判断します。結果が出ると、このページに表示されます。
document-waiting-usually = 通常、1営業日もかかりません。
document-waiting-hour = 通常、1時間もかかりません。
document-waiting-hours = 通常、4時間もかかりません。
document-waiting-days = 通常、3日もかかりません。
document-waiting-later = お待ちいただく必要はありません。いったん戻り、後でもう一度ログインすると、ここから続きます。
document-withdraw = すべて削除してやめる
document-withdraw-title = すべて削除しますか?
document-withdraw-text = 写真はすぐに削除され、誰も判断しません。最初からやり直すことができます。
document-withdraw-no = いいえ、続ける
document-withdraw-yes = はい、すべて削除する
document-asked-title = もっとよく写った写真を送信してください
document-asked-text = 写真を確認しました。判断するために、次のものが必要です:
document-rejected-text = ご所属の組織が写真を確認しましたが、ご本人であることを確認できませんでした:
document-anew = 最初からやり直す
document-other-title = すでに写真を送信しています
document-other-text = 別のログインで送信した写真が、まだ判断されていません。
document-other-keep = その写真のままにするには、いったん戻り、後でもう一度ログインしてください。最初からやり直すと、その写真は削除され、写真を送信できる回数のうちの1回と数えられます。
document-lapsed-title = 写真は判断されませんでした
document-lapsed-text = 期限までに写真を確認できる人がいませんでした。写真は削除されました。申し訳ありませんが、最初からやり直してください。
document-lapsed-asked = 写真の送り直しをお願いしていましたが、期限が過ぎました。写真は削除されました。最初からやり直すことができます。
document-otherwise-title = この方法が使えない場合
document-otherwise-text = ほかの方法でも本人確認ができます:
document-otherwise-none = このページにはほかの方法がありません。ログインに戻ることができます。
document-otherwise-support = ご所属の組織のサポートにご相談ください。連絡先はこのページの下にあります。

document-problem-consent = 同意する欄にチェックを入れてください。同意がなければ写真を使うことができません。
document-problem-kind = 身分証明書を一つ選んでください。
document-problem-reworded = 内容が変わりました。もう一度お読みください。
document-problem-outdated = 写真は承認されましたが、このアプリケーションには古すぎます。もう一度最初から始めてください。
document-problem-late = すべての写真を撮る時間が足りません。いったん戻り、先にもう一度ログインしてください。
document-problem-gone = 始めた内容はここにはもうありません。別の場所でやり直されたか、期限が過ぎました。最初からやり直してください。
document-problem-held = 現在は削除できません。ご所属の組織にお問い合わせください。
document-problem-withdrawn = すべて削除されました。
document-problem-none = 写真が届きませんでした。撮るか選ぶかしてから、ボタンを押してください。
document-problem-too-large = ファイルが大きすぎます。12メガバイトまでです。カメラの解像度を下げて撮り直してください。
document-problem-missing = この写真がまだありません。
document-problem-changed = 先ほど確認した写真とは別の写真です。もう一度確認してください。
document-problem-unusable = まさにこの写真は使えませんでした。新しく撮ってください。
document-problem-heic = この写真は読み取れない形式(HEIC)です。「写真を撮る」から撮るか、iPhoneでは「設定 › カメラ › フォーマット › 互換性優先」を選んでください。
document-problem-format = これはカメラの写真ではなく、スクリーンショットなど別の画像です。写真を撮ってください。
document-problem-pdf = これはPDFです。代わりに写真を撮ってください。
document-problem-video = これは動画です。代わりに写真を撮ってください。
document-problem-unknown = これは写真ではありません。カメラで撮ってください。
document-problem-too-small = この写真は小さすぎて読めません。カメラの通常の解像度で撮ってください。
document-problem-pixels = この写真は画素数が多すぎて受け取れません。カメラの解像度を下げて撮り直してください。
document-problem-no-photo = このファイルはカメラの写真ではありません。写真を撮ってください。
document-problem-incomplete = 写真が最後まで届きませんでした。もう一度送信してください。
document-problem-flat = 写真に何も写っていません。一色だけです。撮り直してください。
document-problem-no-room = 現在、写真を受け取れません。後でもう一度試すか、ほかの方法を選んでください。
document-problem-fault = 写真を保存できませんでした。こちらの不具合です。もう一度送信してください。

document-stuck-kept = 写真は完璧でなくてもかまいません。人が確認し、足りなければもう一度お願いします。このまま使うか、ほかの方法で本人確認をすることもできます。
document-stuck-none = これらの写真ではうまくいかないようです。別のスマートフォンやブラウザで試すか、ほかの方法で本人確認をしてください。
document-stuck-other = ほかの方法で本人確認をする

document-ask-blurred = ピントが合っていません。カメラを動かさず、ピントが合うまで待ってください。
document-ask-dark = 暗すぎます。明るい場所で撮ってください。
document-ask-glare = 反射があります。フラッシュを切り、証明書を少し傾けてください。
document-ask-cut-off = 端が切れています。全体が写るようにしてください。
document-ask-covered = 必要な部分が隠れています。顔写真、氏名、生年月日、有効期限は隠さないでください。
document-ask-too-small = 大事な部分が小さすぎます。もっと近づいてください。
document-ask-wrong-side = これは反対の面です。
document-ask-side-missing = この面がまだありません。
document-ask-wrong-document = 選んだものとは別の証明書です。
document-ask-not-accepted = この種類の証明書は受け付けていません。選択肢の中の別の証明書をお示しください。
document-ask-copy = これはコピーまたは画面です。証明書そのものを撮ってください。
document-ask-face = 顔がよく見えません。何も顔を隠さないようにしてください。
document-ask-several-faces = 複数の人が写っています。ご本人だけが写るようにしてください。
document-ask-cue = お願いしたものが写っていないか、読めません。
document-ask-expired = 証明書の有効期限が切れています。ほかにあれば、そちらをお示しください。
document-ask-damaged = 証明書が傷んでいます。ほかにあれば、そちらをお示しください。
document-ask-restored = このサービスをバックアップから復元したため、写真が失われました。申し訳ありませんが、もう一度送信してください。
document-reject-expired = 証明書の有効期限が切れています。
document-reject-not-accepted = この種類の証明書は受け付けていません。
document-reject-different-person = 写真の人物と証明書の人物が同じであると確認できませんでした。
document-reject-name = 証明書の氏名がアカウントと一致しません。
document-reject-too-young = ご所属の組織が求める年齢に達していません。
document-reject-unusable = 写真を使うことができませんでした。
document-reject-other = 送信されたものだけでは足りませんでした。

document-phone-title = スマートフォンで続ける
document-phone-text = 写真はスマートフォンで撮るときれいです。コードでこのページにつながり、写真以外はこのウィンドウで続きます。
document-phone-offer = スマートフォンで写真を撮る
document-phone-other = 別のスマートフォンで写真を撮る
document-phone-show = コードを表示
document-phone-another = 別のコードを表示
document-phone-scan = スマートフォンのカメラをこのコードに向け、表示されたリンクを開いてください。有効なのは5分間です。
document-phone-link = または、スマートフォンで次のアドレスを入力してください:
document-phone-word = そこで次の言葉をタップしてください:
document-phone-connected = スマートフォンとつながりました。写真はそちらで撮ってください。このページにも反映されます。
document-phone-cut = スマートフォンの接続を切る
document-phone-here = ここで続ける
document-phone-missed = スマートフォンで違う言葉がタップされたか、「自分のものではない」と答えた人がいました。そのコードはもう使えません。
document-phone-reported = あなたのコードを開き、「自分のものではない」と答えた人がいました。誰にも送っていないのであれば、中止してご所属の組織に知らせてください。
document-phone-over = スマートフォンはもう接続できません。写真はここで撮ってください。
document-tap-title = ご自分で始めたものですか?
document-tap-text = 目の前のパソコンで、ご自分で始めたはずです。パソコンに表示されている言葉をタップしてください:
document-tap-never = 誰かからリンクが送られてきたり、言葉を読み上げられたりしましたか? その場合は続けないでください。
document-tap-no = 自分のものではありません
document-tap-here = 始めたのと同じ端末でコードを開きました。別の端末は必要ありません。
document-tap-go-on = ここで続ける
document-code-title = このコードはもう使えません
document-code-text = すでに使われたか、新しいものに替わったか、古くなっています。パソコンで新しいコードを表示してください。
document-code-wrong = 言葉が違いました。パソコンで新しいコードを表示してください。
document-code-reported = ありがとうございます。そのコードはもう使えません。始めた人には、あなたの回答が表示されます。
document-done-title = 完了です。パソコンをご覧ください
document-done-text = 写真がすべてそろいました。続きは、始めたパソコンで行います。このページは閉じてかまいません。
document-gone-title = このスマートフォンの接続は切れています
document-gone-text = パソコンをご覧ください。続きはそちらに表示されています。
document-words = いかり, りんご, 橋, ろうそく, 城, さくらんぼ, 雲, 太鼓, 羽根, 花, 森, 庭, かなづち, 島, はしご, レモン, 鏡, 山, 鉛筆, うさぎ, 川, スプーン, 星, 窓

document-hint-dark = 写真が少し暗いようです。
document-hint-glare = 写真に反射があるようです。
document-hint-blurred = ピントが合っていないようです。
document-send-anyway = このまま送信
document-preparing = 写真を準備しています…
document-sending = 写真を送信しています…
document-sending-again = 届きませんでした。もう一度試しています…
document-sending-offline = 接続がありません。写真はここに残っています。接続が戻ったら、もう一度送信してください。

document-camera-text = このページで撮れます。先にブラウザが許可を求めます。カメラはこのページを見ている間だけ動き、送られるのは撮った写真だけです。
document-camera-open = カメラを起動する
document-camera-take = 今すぐ撮る
document-camera-waiting = カメラを待っています。ブラウザが確認してきたら、許可してください。
document-camera-slow = カメラがまだ応答しません。ブラウザが確認してきたら許可するか、下で写真を撮ってください。
document-camera-ready = カメラが動いています。枠いっぱいに収め、動かずにボタンを押してください。
document-camera-dark = 少し暗いようです。もっと明るい場所に移ってください。
document-camera-blurred = ピントが合っていません。動かないでください。
document-camera-off = カメラは止まっています。
document-camera-none = このページではカメラを使えません。下で写真を撮ってください。
