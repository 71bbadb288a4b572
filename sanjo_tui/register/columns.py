"""The columns of a snapshot's files by their identifiers (docs/register.md §1), and the codes in them.

Only what a field station needs is kept. The other columns of the standard are known and left out without a word;
住民票コード, 本籍 and 筆頭者 are left out and said; 個人番号 must not exist here at all.
"""

from __future__ import annotations

RESIDENTS = (
    "addressee_no", "household_no", "name", "birth_date", "resident_status", "lg_code", "history_no", "branch",
    "is_latest", "is_deleted", "resident_kind", "name_kana", "name_roman", "name_hanzi", "alias", "alias_kana",
    "former_family", "former_family_kana", "sex_code", "birth_unknown", "birth_text", "birth_era", "rel1", "rel2",
    "rel3", "rel4", "rel_label", "head_name", "order_in_household", "postal_code", "town", "lot_text", "building",
    "district_code", "nationality", "suppress_flags", "change",
)
"""Columns of residents.csv that are taken over or checked, in the order the loader works with."""

REQUIRED = ("addressee_no", "household_no", "name", "birth_date", "resident_status")
CARDS = ("addressee_no", "user_id", "valid_until", "status", "change")
REQUIRED_OF_CARDS = ("addressee_no", "user_id")
SHELTERS = ("shelter_code", "name", "address", "district_code", "capacity", "phone")
REQUIRED_OF_SHELTERS = ("shelter_code", "name")

NOT_KEPT = frozenset({
    "is_removed", "family", "given", "kana_confirmed", "sex_label", "addr_lg_code", "machiaza_id", "pref", "city",
    "lot_key", "became_resident_on", "address_since", "became_foreign_resident_on", "moved_on", "notified_on",
    "move_reason", "processed_on", "leave_planned_on", "left_on", "art3045", "status_of_residence", "user_id",
})
"""Columns of the standard that the station does not need."""

LEFT_OUT = {"juminhyo_code": "住民票コード", "honseki": "本籍", "hittosha": "筆頭者"}
MY_NUMBER = frozenset({"個人番号", "mynumber", "my_number", "マイナンバー", "kojin_no", "kojin_bango"})
"""Names of a column that may not enter, compared in lower case."""

RELATIONSHIPS = {
    "02": "世帯主", "11": "夫", "12": "妻", "13": "夫（未届）", "14": "妻（未届）", "20": "子", "51": "父", "52": "母",
    "71": "兄", "74": "弟", "81": "姉", "84": "妹", "96": "縁故者", "99": "同居人",
}
"""続柄コード; up to four are joined with の."""

STATUSES = {"1": "住民", "2": "転出", "3": "死亡", "9": "その他消除"}
KINDS = {"1": "日本人", "2": "外国人"}
SEXES = {"1": "男", "2": "女"}
CARD_STATUSES = {"active": "active", "有効": "active", "1": "active", "suspended": "suspended", "停止": "suspended",
                 "revoked": "revoked", "失効": "revoked", "0": "revoked"}
SUPPRESSIONS = frozenset({"支援措置", "仮支援措置", "照会抑止", "発行抑止", "異動抑止"})
CHANGES = ("add", "update", "delete")


def relationship_label(codes: tuple[str, ...]) -> str:
    """子の妻 for ("20", "12")."""
    return "の".join(RELATIONSHIPS.get(code, code) for code in codes)
