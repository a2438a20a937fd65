"""Scrapy's settings, every component in the order of the flow; own settings are NEWSCRAWL_*."""

from __future__ import annotations

from newscrawl import __version__

BOT_NAME = "newscrawl"
SPIDER_MODULES = ["newscrawl.spiders"]
NEWSPIDER_MODULE = "newscrawl.spiders"
COMMANDS_MODULE = "newscrawl.commands"

# What a site sees of us
USER_AGENT = f"newscrawl/{__version__} (Scrapy; a news archive crawler; obeys robots.txt)"
ROBOTSTXT_OBEY = True
DOWNLOAD_DELAY = 1.0
DOWNLOAD_DELAY_JITTER = 0  # a promised gap is kept
CONCURRENT_REQUESTS_PER_DOMAIN = 2
AUTOTHROTTLE_ENABLED = True
AUTOTHROTTLE_START_DELAY = 1.0
COOKIES_ENABLED = False
REFERER_ENABLED = False

# What we accept of a site
DOWNLOAD_VERIFY_CERTIFICATES = True
DOWNLOAD_MAXSIZE = 10 * 1024 * 1024
DOWNLOAD_WARNSIZE = 0
DOWNLOAD_TIMEOUT = 60
RETRY_GIVE_UP_LOG_LEVEL = "INFO"  # it has an outcome
REDIRECT_MAX_TIMES = 5
NEWSCRAWL_CHROMIUM = ""  # with -a browser=auto: a path or name; empty looks on PATH

DOWNLOAD_HANDLERS = {
    "http": "newscrawl.middlewares.http.HttpDownloadHandler",
    "https": "newscrawl.middlewares.http.HttpDownloadHandler",
}

# The frontier
SCHEDULER = "newscrawl.scheduler.LedgerScheduler"
NEWSCRAWL_DATABASE_URL = "sqlite:///data/newscrawl.db"
NEWSCRAWL_JSONL = "data/{site}.jsonl"
NEWSCRAWL_JSONL_MAX_BYTES = 0
NEWSCRAWL_SYNCHRONOUS = "NORMAL"
NEWSCRAWL_COMMIT_INTERVAL = 0.25
NEWSCRAWL_COMMIT_EVENTS = 200
NEWSCRAWL_WINDOW = 64
NEWSCRAWL_MAX_TAG_PAGES = 50
NEWSCRAWL_REVISIT_MIN = 6 * 3600.0
NEWSCRAWL_REVISIT_MAX = 90 * 86400.0
NEWSCRAWL_MAX_REVISITS = 5000

DOWNLOADER_MIDDLEWARES = {
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "newscrawl.middlewares.robots.RobotsMiddleware": 100,
    "newscrawl.middlewares.revalidation.RevalidationMiddleware": 150,
    "scrapy_poet.InjectionMiddleware": 543,
    "newscrawl.middlewares.guard.GuardMiddleware": 560,
    "scrapy.downloadermiddlewares.redirect.RedirectMiddleware": None,
    "newscrawl.middlewares.redirect.LedgerRedirectMiddleware": 600,
    "scrapy.downloadermiddlewares.redirect.MetaRefreshMiddleware": None,
}
SPIDER_MIDDLEWARES = {
    "newscrawl.middlewares.ledger.LedgerMiddleware": 10,
    "scrapy.spidermiddlewares.depth.DepthMiddleware": None,
}
SCRAPY_POET_DISCOVER = ["newscrawl.pages"]

# The way of an item
ITEM_PIPELINES = {
    "newscrawl.pipelines.clean.CleanPipeline": 100,
    "newscrawl.pipelines.validate.ValidatePipeline": 200,
    "newscrawl.pipelines.dedupe.DedupePipeline": 300,
    "newscrawl.pipelines.limit.LimitPipeline": 400,
    "newscrawl.pipelines.images.ArticleImagesPipeline": 450,
    "newscrawl.pipelines.store.StorePipeline": 500,
}
NEWSCRAWL_IMAGES_STORE = ""  # a folder: pictures of articles are kept there
NEWSCRAWL_MIN_WORDS = 50
NEWSCRAWL_DEDUPE_SCOPE = "site"  # "all": a story is told once, whichever sites carry it
DEFAULT_DROPITEM_LOG_LEVEL = "DEBUG"  # every drop has an outcome
FEED_EXPORT_ENCODING = "utf-8"

EXTENSIONS = {
    "newscrawl.extensions.garbage.GarbageExtension": 0,
    "scrapy.extensions.logstats.LogStats": None,
    "newscrawl.extensions.progress.ProgressExtension": 100,
    "newscrawl.extensions.gaps.GapsExtension": 200,
    "newscrawl.extensions.monitors.MonitorsExtension": 500,
}

# Each run against the site's own earlier runs
SPIDERMON_ENABLED = True
SPIDERMON_SPIDER_CLOSE_MONITORS = ["newscrawl.extensions.monitors.OwnHistorySuite"]

# The engine
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False
CONCURRENT_ITEMS = 16
LOG_LEVEL = "INFO"
