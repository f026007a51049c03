"""Signing's refusals."""

from app.kit.errors import Busy


class SigningNotConfigured(Busy):
    """A live market keeps its key sealed or in a file; without either it does not sign."""

    code = "signing_not_configured"
    title_zh = "系统尚未配置签名密钥"
    title_en = "No signing key is configured"
    remedy_zh = "请联系系统管理员设置 SECRET_KEY 或 SIGNING_KEY_FILE。"
    remedy_en = "Ask the administrator of the service to set SECRET_KEY or SIGNING_KEY_FILE."
