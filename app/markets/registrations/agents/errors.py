"""What the appointment of an agent refuses."""

from app.kit.errors import Conflict, Malformed


class AgentUnfit(Malformed):
    """An agent is a member of the party who may bid for it."""

    code = "agent_unfit"
    title_zh = "代理人不是本单位可以出价的成员"
    title_en = "The agent is no member of the party who may bid for it"
    remedy_zh = "请先将其加入本单位并赋予企业经办人角色。"
    remedy_en = "Add him to the organisation first, as one who may bid."


class AgentStage(Conflict):
    """An agent is replaced up to the start; during the bidding for a natural cause; not afterwards. Data: `status_now`."""

    code = "agent_stage"
    title_zh = "当前阶段不能更换代理人"
    title_en = "The agent cannot be replaced at this stage"
    remedy_zh = "竞价开始后，仅因疾病、意外、丧失行为能力或死亡可以更换。"
    remedy_en = "Once the bidding has begun only illness, accident, incapacity or death allow it."
