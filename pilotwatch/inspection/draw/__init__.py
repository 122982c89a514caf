"""双随机: the draw of subjects and officers that anybody can verify (methods.md §3.6).

prepared (lists and rules frozen) → sealed (a second person holds the nonce, its commit is published) → drawn (the public
number is there, the nonce is revealed) | aborted (told with its reason; a draw is never made twice).
"""
