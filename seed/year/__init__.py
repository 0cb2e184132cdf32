"""The demonstration year, part by part: who is in it, what may be spent, what happens, and playing
it.

names       invented organisations and numbers that no real one can have timeline    its days,
months and sendings cast        accounts, agencies, member enterprises standards   example standards
(示例标准) and budget lines agreements  the service agreements behind the claims plot        which
claims take which course with which fault: one table faults      what each fault does to an
agreement or a claim scripts     every claim planned in full before anything is played papers
small real PDFs and PNGs stage       the people, and the actions they take opening     the first
day, and what is not a claim stories     how a claim's course runs, step by step
"""
