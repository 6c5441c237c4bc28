from accounts.enums import HowAsked

# How a wish can reach the desk; the others are the machine's.
ASKED_HERE = (HowAsked.PHONE, HowAsked.DESK, HowAsked.LETTER)
