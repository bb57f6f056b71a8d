simulated-choice = このお試しで模擬的に行う
simulated-title = この確認をどのような結果にしますか
simulated-text = これはお試しです。実際の確認で得られる結果を、ここではご自身で選べます。
simulated-approve = 確認済み
simulated-reject = 確認できない
simulated-pending = 未決定
simulated-away = いったん別の場所へ行って戻る
simulated-back = ほかのサイトへ案内する方法と同じように、いったん別の場所へ移動し、戻ってきました。
