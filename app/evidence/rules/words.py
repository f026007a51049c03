"""The sentences of a verification. Codes are stable; a stranger's verifier may use them as well."""

from collections.abc import Mapping
from typing import Final

WORDS: Final[Mapping[str, tuple[str, str]]] = {
    # The form.
    "malformed": ("格式不符：{where}。", "not of the documented form: {where}."),
    "schema_unknown": ("不认识的记录格式 {schema}。", "the record's schema {schema} is not known."),
    "algorithm_unknown": ("不认识的算法 {algorithm}。", "the algorithm {algorithm} is not known."),
    # The chain.
    "entry_missing": ("应为第 {expected} 条，却是第 {found} 条：有缺失、插入或换位。",
                      "entry {expected} was expected, {found} stands here: something was removed, inserted or moved."),
    "link_broken": ("所载上一条的哈希与上一条不符：上一条之后有改动。",
                    "it names another hash than that of the entry before it: something was changed in between."),
    "entry_altered": ("内容与其哈希不符：内容或哈希被改动。",
                      "its content does not have its hash: the content or the hash was changed."),
    "head_not_the_last": ("已签名的链头为第 {head} 条，记录止于第 {last} 条。",
                          "the signed head is entry {head}; the record ends with entry {last}."),
    "head_hash_differs": ("最后一条的哈希与已签名的链头不符。", "the last entry's hash is not that of the signed head."),
    "head_signature_wrong": ("链头的签名不成立。", "the signature of the head does not hold."),
    # Receipts and signatures.
    "not_signed": ("没有任何签名涵盖此条。", "no signature covers this entry."),
    "not_what_was_signed": ("此条与当时签名的内容不符：{fault}。", "this is not the entry that was signed: {fault}."),
    "signature_wrong": ("批次 {batch} 的签名不成立。", "the signature of batch {batch} does not hold."),
    "batch_unused": ("批次 {batch} 不属于任何一条。", "batch {batch} covers no entry."),
    "key_unknown": ("签名密钥 {key_id} 不在公布的公钥之中。", "the key {key_id} is not among the published keys."),
    "key_not_itself": ("密钥 {key_id} 的编号与公钥不符。", "the key {key_id} is not what its name says."),
    "key_not_pinned": ("密钥 {key_id} 不在您给出的公钥之中。", "the key {key_id} is not among the keys that you gave."),
    "key_out_of_time": ("密钥 {key_id} 在签名时不在有效期内。", "the key {key_id} was not valid when it signed."),
    "receipt_malformed": ("回执格式不符。", "the receipt is not of the documented form."),
    "receipt_algorithm_unknown": ("回执的算法不认识。", "the receipt's algorithm is not known."),
    "receipt_key_unknown": ("回执的签名密钥不在公布的公钥之中。", "the receipt's key is not among the published keys."),
    "receipt_path_wrong": ("回执的路径不通向已签名的根。", "the receipt's path does not lead to the signed root."),
    "receipt_signature_wrong": ("回执的签名不成立。", "the receipt's signature does not hold."),
    "receipt_not_in_record": ("回执证明有此条，记录中却没有：被删除。",
                              "the receipt proves this entry; the record does not have it: it was removed."),
    "receipt_differs_from_record": ("记录中的此条不是回执所证明的那一条：被改动。",
                                    "the record's entry is not the one that the receipt proves: it was changed."),
    "receipt_of_another_sale": ("回执属于另一场交易 {auction_id}。", "the receipt is of another sale, {auction_id}."),
    # Texts.
    "text_altered": ("文字“{field}”与链上的承诺不符。", "the text `{field}` is not the one that was committed to."),
    "text_missing": ("缺少文字“{field}”，也没有遮蔽的记载。", "the text `{field}` is absent, and no redaction says why."),
    "text_unknown": ("文字“{field}”在链上没有承诺。", "the chain holds no commitment to a text `{field}`."),
    "text_redacted": ("文字“{field}”已依法遮蔽（{reason}，{at}），哈希已知，链完整。",
                      "the text `{field}` was lawfully redacted ({reason}, {at}); its hash is known, the chain is whole."),
    # The rules.
    "not_a_fact": ("不是可以重演的事实：{why}。", "this is no fact that can be replayed: {why}."),
    "cannot_follow": ("不可能接在前面的事实之后：{why}。", "this cannot follow what stands before it: {why}."),
    "rule_refuses": ("依规则应被拒绝：{zh}", "by the rules it had to be refused: {en}"),
    "rule_differs": ("依规则此处应为：{expected}；记录为：{found}。", "by the rules this is {expected}; the record says {found}."),
    "fact_not_due": ("依规则此时不应发生“{kind}”。", "by the rules no `{kind}` happens at this moment."),
    "fact_overdue": ("依规则在此之前应先发生：{expected}。", "by the rules this had to happen before it: {expected}."),
    "proxy_without_commitment": ("自动出价多于已公布的委托。", "there are more automatic bidders than published maxima."),
    "proxy_unknown": ("撤回的委托从未公布，或已经撤回。", "the maximum taken back was never published, or is gone already."),
    "outage_impossible": ("所载第 {outage} 号系统故障与其起止或前一次故障不相容。",
                          "outage {outage} cannot have been: it ends before it began, or does not follow the one before it."),
    "envelope_altered": ("信封 {envelope} 所载内容与密封时的承诺不符。",
                         "envelope {envelope} is said to have held something else than was committed to."),
    "not_ended": ("记录止于“{status}”，交易并未结束。", "the record ends at `{status}`: the sale has not ended."),
    "not_rejudged": ("“{kind}”已重演，未重新评判。", "`{kind}` was replayed, not judged again."),
    "secret_reserve": ("保留价不公开，只核对其承诺。", "the reserve is secret: only its commitment is known here."),
    # What the record says beside its facts.
    "bid_differs": ("出价列表中第 {bid_no} 次出价与事实不符。", "bid {bid_no} of the list differs from the facts."),
    "bid_count_differs": ("出价列表有 {found} 次，事实为 {expected} 次。",
                          "the list has {found} bids; the facts have {expected}."),
    "claim_differs": ("“{name}”所载为 {found}，重演得到 {expected}。",
                      "`{name}` says {found}; the replay gives {expected}."),
}  # fmt: skip
