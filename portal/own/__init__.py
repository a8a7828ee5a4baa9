"""One's own data (我的资料): seen, exported, corrected (个人信息保护法 Art. 45, 46)."""
