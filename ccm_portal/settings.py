"""Every setting of the portal; what differs between machines comes from the environment."""

from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.utils.csp import CSP
from django.utils.translation import gettext_lazy as _
from environs import Env

from ccm_portal import log

env = Env()
BASE_DIR = Path(__file__).resolve().parent.parent

# --- what kind of machine ----------------------------------------------------------------------
DEBUG = env.bool("DEBUG", False)
DEMO = env.bool("DEMO", False)
SECRET_KEY = env.str("SECRET_KEY")
SECRET_KEY_FALLBACKS: list[str] = env.list("SECRET_KEY_FALLBACKS", [])
SITE_URL = env.str("SITE_URL", "http://localhost:8000").rstrip("/")
SITE_HOST = urlsplit(SITE_URL).hostname or "localhost"
SECURE = SITE_URL.startswith("https://")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", [SITE_HOST])
CSRF_TRUSTED_ORIGINS = [SITE_URL]

# --- apps --------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "ccm_portal.apps.PortalConfig",
    "ccm_portal.apps.WorkplaceConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",  # the templates of FORM_RENDERER
    "guardian",
    "pgtrigger",
    "pghistory",
    "import_export",
    "django_linear_migrations",
    "django_structlog",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "states",
    "records",
    "reporting",
    "meetings",
    "workplans",
    "extensions",
    "finances",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "states.middleware.ForItsReaderMiddleware",
    "states.middleware.LightMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "ccm_portal.language.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "states.middleware.SignInMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "states.middleware.SecondFactorMiddleware",
    # Last: the page that says "not found" greets whoever has signed in.
    "ccm_portal.addresses.WholeAddressMiddleware",
]

ROOT_URLCONF = "ccm_portal.urls"
WSGI_APPLICATION = "ccm_portal.wsgi.application"

# --- templates ---------------------------------------------------------------------------------
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "ccm_portal.context.portal",
            ],
            "builtins": [
                f"ccm_portal.templatetags.{name}" for name in ("marks", "days", "questions", "ways")
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# --- database ----------------------------------------------------------------------------------
DATABASES = {"default": env.dj_db_url("DATABASE_URL")}
DATABASES["default"] |= {
    "CONN_MAX_AGE": env.int("DATABASE_MAX_AGE", 600),
    "CONN_HEALTH_CHECKS": True,
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- cache, queue and clock --------------------------------------------------------------------
REDIS_URL = env.str("REDIS_URL")
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "ccm",
    }
}


def broker_url(url: str) -> str:
    """Kombu spells a unix socket its own way."""
    if not url.startswith("unix://"):
        return url
    parts = urlsplit(url)
    number = parts.query.removeprefix("db=") or "0"
    return f"redis+socket://{unquote(parts.path)}?virtual_host={number}"


CELERY_BROKER_URL = broker_url(REDIS_URL)
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = False
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 3600}
CELERY_TASK_ROUTES = {"records.tasks.make_pdf": {"queue": "pdf"}}
CELERY_TIMEZONE = "Europe/Zurich"

# --- mail --------------------------------------------------------------------------------------
EMAIL = env.dj_email_url("EMAIL_URL", "smtp://localhost:25")
MAILERS = {
    "default": {
        "BACKEND": EMAIL["EMAIL_BACKEND"],
        "OPTIONS": {
            "host": EMAIL["EMAIL_HOST"] or "localhost",
            "port": EMAIL["EMAIL_PORT"] or 25,
            "username": EMAIL["EMAIL_HOST_USER"] or "",
            "password": EMAIL["EMAIL_HOST_PASSWORD"] or "",
            "use_tls": EMAIL["EMAIL_USE_TLS"],
            "use_ssl": EMAIL["EMAIL_USE_SSL"],
            "timeout": env.int("EMAIL_TIMEOUT", 20),
        },
    }
}
DEFAULT_FROM_EMAIL = env.str("FROM_EMAIL", "ISU CCM <portal@localhost>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# --- files -------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = env.path("STATIC_ROOT", BASE_DIR / "var" / "static")
STATICFILES_DIRS = [BASE_DIR / "static"]
DOCUMENTS_DIR = env.path("DOCUMENTS_DIR", BASE_DIR / "var" / "documents")
S3_BUCKET = env.str("S3_BUCKET", "")
STORAGES = {
    "default": (
        {
            "BACKEND": "storages.backends.s3.S3Storage",
            "OPTIONS": {
                "bucket_name": S3_BUCKET,
                "endpoint_url": env.str("S3_ENDPOINT_URL", "") or None,
                "file_overwrite": False,
                "default_acl": None,
                "querystring_auth": True,
            },
        }
        if S3_BUCKET
        else {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": DOCUMENTS_DIR, "base_url": None},
        }
    ),
    "staticfiles": {
        "BACKEND": (
            "django.contrib.staticfiles.storage.StaticFilesStorage"
            if DEBUG
            else "whitenoise.storage.CompressedManifestStaticFilesStorage"
        )
    },
}
# Every page names files by their hash; the other names would be compressed once more for nobody.
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
# A form of a report with its tables full has some fourteen hundred fields.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 3000
UPLOAD_MAX_BYTES = 50 * 1024 * 1024
# A .zip of past reports, taken in by the secretariat alone.
ARCHIVE_MAX_BYTES = 500 * 1024 * 1024
# Files that arrive in pieces: how long one is waited for, and how much may be on its way.
PARTS_KEPT_DAYS = 7
PARTS_MOST_EACH = 4 * UPLOAD_MAX_BYTES
PARTS_MOST_IN_ALL = 100 * UPLOAD_MAX_BYTES
CLAMD_SOCKET = env.str("CLAMD_SOCKET", "")

# --- security ----------------------------------------------------------------------------------
SECURE_CSP: dict[str, list[str]] = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
}
SECURE_SSL_REDIRECT = SECURE
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE
SECURE_HSTS_PRELOAD = SECURE
SECURE_REFERRER_POLICY = "same-origin"
SECURE_PROXY_SSL_HEADER = (
    ("HTTP_X_FORWARDED_PROTO", "https") if env.bool("BEHIND_PROXY", False) else None
)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_AGE = 10 * 3600  # a working day
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "states.posting.refused"
X_FRAME_OPTIONS = "DENY"

# --- people ------------------------------------------------------------------------------------
AUTH_USER_MODEL = "states.User"
AUTHENTICATION_BACKENDS = [
    "allauth.account.auth_backends.AuthenticationBackend",
    "states.access.AppointmentBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "after-login"
LOGOUT_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "states.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]  # nobody signs up; the login form asks for these
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = True  # for SESSION_COOKIE_AGE; nobody is asked
# A mission is one address for many people: who mistypes locks out himself, and nobody else.
ACCOUNT_RATE_LIMITS = {"login": "60/m/ip", "login_failed": "40/m/ip,5/300s/key"}
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if SECURE else "http"
# How many proxies stand before the portal: the address that rate limits count by is theirs to tell.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("PROXIES", 1 if SECURE_PROXY_SSL_HEADER else 0)
ACCOUNT_FORMS = {
    "login": "states.account_forms.LoginForm",
    "reset_password": "states.account_forms.ResetPasswordForm",
    "reset_password_from_key": "states.account_forms.ResetPasswordKeyForm",
    "change_password": "states.account_forms.ChangePasswordForm",
    "set_password": "states.account_forms.SetPasswordForm",
    "add_email": "states.account_forms.AddEmailForm",
    "reauthenticate": "states.account_forms.ReauthenticateForm",
}
MFA_FORMS = {
    "authenticate": "states.account_forms.AuthenticateForm",
    "reauthenticate": "states.account_forms.ReauthenticateByCodeForm",
    "activate_totp": "states.account_forms.ActivateTOTPForm",
    "add_webauthn": "states.account_forms.AddWebAuthnForm",
    "edit_webauthn": "states.account_forms.EditWebAuthnForm",
}
MFA_ADAPTER = "states.adapter.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
# Nobody signs up here, so nobody can lock an owner out of an address; whoever has a second factor
# may move to another address, which counts once it is confirmed.
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_TOTP_ISSUER = "CCM Portal"
MFA_TOTP_TOLERANCE = 1  # clocks of telephones are half a minute wrong
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEBUG and not SECURE
SOCIALACCOUNT_ADAPTER = "states.adapter.ProviderAdapter"
SOCIALACCOUNT_EMAIL_AUTHENTICATION = True
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
OIDC_SERVER_URL = env.str("OIDC_SERVER_URL", "")
SOCIALACCOUNT_PROVIDERS: dict[str, dict[str, object]] = {
    "openid_connect": {"OAUTH_PKCE_ENABLED": True}
}
if OIDC_SERVER_URL:
    SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"] = [
        {
            "provider_id": env.str("OIDC_PROVIDER_ID"),
            "name": env.str("OIDC_NAME", "") or env.str("OIDC_PROVIDER_ID"),
            "client_id": env.str("OIDC_CLIENT_ID"),
            "secret": env.str("OIDC_SECRET"),
            "settings": {"server_url": OIDC_SERVER_URL},
        }
    ]
    # The browser follows the form's answer to the provider; form-action judges that step too.
    SECURE_CSP["form-action"].append("{0.scheme}://{0.netloc}".format(urlsplit(OIDC_SERVER_URL)))
ANONYMOUS_USER_NAME = None
GUARDIAN_MONKEY_PATCH_USER = False
GUARDIAN_MONKEY_PATCH_GROUP = False
# Rights are asked of `states.access`, which reads guardian's direct table itself.
SILENCED_SYSTEM_CHECKS = ["guardian.W001"]

# --- language, days and hours ------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("fr", _("French")), ("es", _("Spanish"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Europe/Zurich"  # a deadline is a day in Geneva
USE_TZ = True
USE_I18N = True
FORMAT_MODULE_PATH = ["ccm_portal.formats"]

# --- logging -----------------------------------------------------------------------------------
LOG_LEVEL = env.str("LOG_LEVEL", "INFO")
LOGGING = log.configure(LOG_LEVEL, for_people=DEBUG)
DJANGO_STRUCTLOG_CELERY_ENABLED = True
DJANGO_STRUCTLOG_IP_LOGGING_ENABLED = False  # no personal data in logs beyond the user's number

# --- page cache --------------------------------------------------------------------------------
# What one web process keeps of public pages, in megabytes; 0 switches the cache off.
PAGE_CACHE_MB = env.int("PAGE_CACHE_MB", 0 if DEBUG else 64)

# --- ours --------------------------------------------------------------------------------------
# Nothing goes out from a new site until this day (YYYY-MM-DD).
LETTERS_START_ON = env.date("LETTERS_START_ON", None)
UNODA_ADDRESS = env.str("UNODA_ADDRESS", "ccm@un.org")
ISU_ADDRESS = env.str("ISU_ADDRESS", "info@cmconvention.org")
DEMO_IS_ALLOWED = DEMO and not SECURE
