problem = 問題
continue = 続ける
cancel = 中止して戻る
organisation = 組織
login-at = ログイン先
account = アカウント
support = サポート
privacy = プライバシー
terms = 利用規約
time-left = { $minutes ->
   *[other] 残り時間は{ $minutes }分です。
}

choose-title = 本人確認の方法を選んでください

concluded-success = 本人確認が完了しました
concluded-failed = 本人確認ができませんでした
concluded-canceled = 本人確認を中止しました
concluded-pending = 本人確認はまだ審査中です
concluded-expired = 本人確認の制限時間が過ぎました
concluded-text = このページでの手続きは終わりました。まだログインしていない場合は、ログインにお戻りください。
concluded-return = ログインに戻る

arrival-title = 本人確認のページを開いています

handoff-title = ログインに戻ります
handoff-text = 画面が切り替わらない場合は、ボタンを押してください。

before-decided = 本人確認の結果はすでに出ています。続行してログインを完了してください。
before-failed = 前回のログインのあとに結果が出ました。ログインに戻ると、結果がアプリケーションに伝わります。
before-waiting = これ以上の操作は必要ありません。いったんログインに戻り、時間をおいてもう一度ログインしてください。
before-anew = または、もう一度本人確認をする：

nothing-title = このアプリケーションで使える本人確認の方法がありません
nothing-text = この組織が行う本人確認の方法は、いずれもこのアプリケーションでは受け付けられません。組織のサポートに知らせてから、ログインにお戻りください。

refusal-reference = お問い合わせ番号
refusal-not-found-title = このページは存在しません
refusal-not-found-text = ご利用になりたいアプリケーションに戻り、そこからログインしてください。
refusal-link-title = このリンクは使用できません
refusal-link-text = リンクが不完全であるか、このサービス用のものではありません。ご利用になりたいアプリケーションに戻り、もう一度ログインしてください。
refusal-expired-title = ログインの制限時間が過ぎました
refusal-expired-text = ご利用になりたいアプリケーションに戻り、もう一度ログインしてください。
refusal-used-title = このリンクはすでに使用されています
refusal-used-text = 本人確認は、最初に開いた画面で続いています。お心当たりがない場合は、アプリケーションに戻り、もう一度ログインしてください。
refusal-too-long-title = リクエストが長すぎます
refusal-too-long-text = ご利用になりたいアプリケーションに戻り、もう一度ログインしてください。このページが再び表示される場合は、先にこのサイトのタブをすべて閉じてください。
refusal-login-too-long-title = このログインはブラウザーには長すぎます
refusal-login-too-long-text = アプリケーションがこのログインで送るデータが、ブラウザーに保存できる量を超えています。組織のサポートにお知らせください。
refusal-photo-wait-title = ただいま写真を受け取れません
refusal-photo-wait-text = 数秒待ってから前のページに戻り、もう一度送信してください。これまでに送信されたものは残っています。
refusal-no-session-title = ブラウザーでこのログインを確認できませんでした
refusal-no-session-text = ログインに使ったブラウザーでこのページを開き、このサイトの Cookie を許可してください。その後、アプリケーションに戻り、もう一度ログインしてください。
refusal-busy-title = ただいまログインが大変混み合っています
refusal-busy-text = 数秒待ってから、このページを再読み込みしてください。ログインはそのまま続きます。
refusal-too-often-title = 短時間に何度も試行されました
refusal-too-often-text = 1分ほど待ってから、このページを再読み込みしてください。ログインしようとした覚えがない場合は、組織のサポートにお知らせください。
refusal-clock-title = このサービスの時計がずれているようです
refusal-clock-text = このサービスの時計では、ログインはまだ始まっていないことになっています。組織のサポートにお知らせください。管理者が時計を合わせる必要があります。その後、このページを再読み込みしてください。
refusal-retry-title = もう一度お試しください
refusal-retry-text = ただいま処理を完了できませんでしたが、失われたものはありません。少し待ってから前のページに戻り、もう一度お試しください。
refusal-request-title = リクエストを処理できませんでした
refusal-request-text = ご利用になりたいアプリケーションに戻り、もう一度ログインしてください。

home-title = 本人確認
home-text = このサイトは、アプリケーションにログインする方の本人確認を行います。ここでの操作は必要ありません。ご利用のアプリケーションに戻り、そこからログインしてください。
