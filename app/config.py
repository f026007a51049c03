"""Settings: read once at the edge, frozen, passed in. Nothing reads the environment anywhere else."""

from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parent.parent


class Settings(BaseSettings):
    """The service's settings. Environment variables carry the same names in capitals."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore")

    database_url: str = Field(
        "postgresql://jishi@127.0.0.1:5432/jishi", description="PostgreSQL, as a libpq URL."
    )
    redis_url: str | None = Field(
        None, description="Redis or Valkey; it only wakes and fans out, the service is correct without it."
    )
    public_url: str = Field("http://127.0.0.1:8000", description="Where browsers reach the service.")
    allowed_hosts: list[str] = Field(
        ["127.0.0.1", "localhost", "testserver"], description="Host headers that are answered."
    )
    database_pool_size: int = Field(
        16,
        ge=1,
        le=200,
        description="Connections kept per process; a serving one has five more, for bids alone.",
    )
    heartbeat_seconds: float = Field(
        0.5,
        ge=0,
        le=2,
        description="Pause between a serving process's heartbeats; 0: it serves nobody (a loader) and leaves none.",
    )
    body_limit_bytes: int = Field(1_048_576, ge=1_024, description="Largest request body, uploads excepted.")
    upload_limit_bytes: int = Field(33_554_432, ge=1_024, description="Largest file that is taken.")
    import_directory: Path = Field(
        ROOT / ".jishi" / "uploads", description="Where import files wait for their job."
    )
    file_directory: Path = Field(
        ROOT / ".jishi" / "files",
        description="Where kept files lie, one file each; every process must reach the same, and it belongs into the backup.",
    )
    frontend_directory: Path = Field(
        ROOT / "frontend" / "dist", description="The built pages; absent means API only."
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="Least severity logged."
    )
    metrics_token: SecretStr | None = Field(
        None, description="Bearer token for /metrics from other machines; without it only loopback may read."
    )
    secret_key: SecretStr | None = Field(
        None,
        min_length=32,
        description="Seals identity numbers and the signing key, at least 32 random characters. Without it no natural "
        "person registers, and a live market signs only with `SIGNING_KEY_FILE`.",
    )
    signing_key_file: Path | None = Field(
        None, description="An Ed25519 private key (PEM, PKCS #8) that signs receipts and records."
    )
    argon2_memory_kib: int = Field(65_536, ge=64, description="Memory of one password hash.")
    argon2_passes: int = Field(3, ge=1, description="Passes of one password hash.")
    sign_ins_per_address: int = Field(
        300, ge=1, description="Attempts to sign in from one address in 15 minutes."
    )
    registrations_per_address: int = Field(30, ge=1, description="Registrations from one address in an hour.")

    @property
    def secure_cookies(self) -> bool:
        """Whether browsers reach us over https, so that the `__Host-` cookie can be used."""
        return self.public_url.startswith("https://")

    @property
    def asyncpg_url(self) -> str:
        """The database's URL in the form that SQLAlchemy's asyncpg dialect wants."""
        return "postgresql+asyncpg://" + self.database_url.split("://", 1)[1]
