simulated-choice = محاكاة ذلك في هذه التجربة
simulated-title = كيف ينبغي أن ينتهي هذا التحقق؟
simulated-text = هذه تجربة. أنت تقرر هنا ما الذي سيتوصل إليه التحقق الحقيقي.
simulated-approve = تم التحقق
simulated-reject = لم يتم التحقق
simulated-pending = لم يُحسم بعد
simulated-away = الذهاب إلى مكان آخر أولًا ثم العودة
simulated-back = كنتم في مكان آخر، كما في طريقة تُرسل الأشخاص إلى جهة أخرى، وها قد عدتم.
