"""Scrapy's settings, every component in the order of the flow; own settings are NEWSCRAWL_*."""

from __future__ import annotations

import os

from scrapy.settings import default_settings

from newscrawl import __version__

BOT_NAME = "newscrawl"
SPIDER_MODULES = ["newscrawl.spiders"]
NEWSPIDER_MODULE = "newscrawl.spiders"
COMMANDS_MODULE = "newscrawl.commands"

# What a site sees of us
USER_AGENT = f"newscrawl/{__version__} (Scrapy; a news archive crawler; obeys robots.txt)"
ROBOTSTXT_OBEY = True
ROBOTSTXT_PARSER = "newscrawl.politeness.robots_parser.TokenRobotParser"
DOWNLOAD_DELAY = 1.0
DOWNLOAD_DELAY_JITTER = 0  # a promised gap is kept
CONCURRENT_REQUESTS_PER_DOMAIN = 2
AUTOTHROTTLE_ENABLED = True
AUTOTHROTTLE_START_DELAY = 1.0
COOKIES_ENABLED = False
REFERER_ENABLED = False

# Seconds to wait after a 429 or 503 that names no time, and after failures in a row; each further
# one doubles it, up to ten minutes
NEWSCRAWL_BACKOFF = 5.0
# Longest wait within a run, in seconds; a host that is to be left alone for longer ends it as
# waiting, and its pages stay queued
NEWSCRAWL_MAX_WAIT = 300.0
# Most seconds of robots.txt's Crawl-delay that are obeyed; a longer one counts as so many
NEWSCRAWL_MAX_CRAWL_DELAY = 60.0
# Failures in a row (5xx, timeouts, lost connections) after which a host is left alone for an hour
NEWSCRAWL_MAX_FAILURES = 20

# What we accept of a site
DOWNLOAD_VERIFY_CERTIFICATES = True
DOWNLOAD_MAXSIZE = 10 * 1024 * 1024
DOWNLOAD_WARNSIZE = 0
DOWNLOAD_TIMEOUT = 60
RETRY_GIVE_UP_LOG_LEVEL = "INFO"  # it has an outcome
REDIRECT_MAX_TIMES = 5
# With -a browser=auto: path or name of the browser; empty looks for Chromium or Chrome on PATH
NEWSCRAWL_CHROMIUM = ""

TWISTED_DNS_RESOLVER = "newscrawl.middlewares.addresses.GuardedResolver"
DOWNLOAD_HANDLERS = {
    **dict.fromkeys(("data", "ftp", "s3")),  # pages may name them
    "file": "newscrawl.middlewares.addresses.FileHandler",
    "http": "newscrawl.middlewares.http.HttpDownloadHandler",
    "https": "newscrawl.middlewares.http.HttpDownloadHandler",
}

# Seconds of the processor that reading one page may take, once for its links and once for its
# article; a page that takes more has failed as TooSlow
NEWSCRAWL_MAX_READING = 2.5
# Signals of a page that are obeyed, comma-separated: noindex, noarchive, nosnippet, noai, noimageai
# and tdm-reservation keep it from being stored, nofollow its links from being followed. All are
# recorded in the evidence of the visit
NEWSCRAWL_OBEY_SIGNALS = ""
MEMUSAGE_LIMIT_MB = 1024  # the run ends in order, the next one goes on

# Whether a crawl keeps the ledger, its database and its files. auto: what scrapy crawl or a script
# starts does; Scrapy's tools (parse, shell, fetch, view, check, savefixture, runspider) do not.
# False: Scrapy's own queue, and nothing is stored; True: a crawl by scrapy runspider does too
NEWSCRAWL_LEDGER = "auto"

# The frontier
SCHEDULER = "newscrawl.scheduler.LedgerScheduler"
# The database, as an SQLAlchemy URL, also from the environment variable of that name; a missing
# folder is made, the schema brought up to date
NEWSCRAWL_DATABASE_URL = os.environ.get("NEWSCRAWL_DATABASE_URL", "sqlite:///data/newscrawl.db")
# Path of the log of each site; empty writes none. {day} begins a part each day (UTC), {part} or
# {part:04} numbers the parts; a part that has ended is only ever written again by
# newscrawl db vacuum --logs. Also from the environment variable of that name
NEWSCRAWL_JSONL = os.environ.get("NEWSCRAWL_JSONL", "data/{site}.jsonl")
# Size at which a log begins its next part, 0 for no limit; needs {part} in NEWSCRAWL_JSONL
NEWSCRAWL_JSONL_MAX_BYTES = 0
# A folder where every answer is archived as it came, in WARC files; empty keeps none
NEWSCRAWL_ARCHIVE = ""
# Size at which a file of the archive is sealed and the next one begun, 0 for no limit
NEWSCRAWL_ARCHIVE_MAX_BYTES = 1024 * 1024 * 1024
# A file for the account of each run as one JSON object, "-" for standard output; empty writes none
NEWSCRAWL_ACCOUNT = ""
# SQLite's setting of that name. After a power loss NORMAL may have lost the last commits, FULL
# none; neither breaks the file
NEWSCRAWL_SYNCHRONOUS = "NORMAL"
# What newscrawl db vacuum keeps, 0 for all: visits of runs that ended within so many days, besides the
# last visit to each page and the last 20 runs of each site
NEWSCRAWL_KEEP_VISITS = 0.0
# So many earlier revisions of each article, the latest ones; 0 for all
NEWSCRAWL_KEEP_REVISIONS = 0
# The archive of runs that ended within so many days; 0 for all. What only older parts hold is gone
NEWSCRAWL_KEEP_ARCHIVE = 0.0
# Whether the words of articles are indexed as they are stored, for newscrawl search and browse; it
# takes about a third of the size of the texts. False takes an index away that is there
NEWSCRAWL_SEARCH = True
# Seconds after which a group of changes is committed
NEWSCRAWL_COMMIT_INTERVAL = 0.25
# Changes after which it is committed at the latest
NEWSCRAWL_COMMIT_EVENTS = 200
# Seconds that a run waits for a database server that went away, or for a lock that another process
# holds on its database; it goes on where it was
NEWSCRAWL_DATABASE_PATIENCE = 300.0
# Seconds that a statement waits for a lock that another session holds, and a run on SQLite for its
# turn to write; on PostgreSQL a run then tries again, as long as NEWSCRAWL_DATABASE_PATIENCE says
NEWSCRAWL_LOCK_TIMEOUT = 30.0
# Seconds after which PostgreSQL takes back the transaction of a run that it hears nothing of, and
# with it its locks; 0 leaves that to the server's own setting. More than NEWSCRAWL_COMMIT_INTERVAL
NEWSCRAWL_TRANSACTION_TIMEOUT = 60.0
# Seconds after which a connection to PostgreSQL is given up, by either side, if the machine at its
# other end shows no sign of life (TCP keepalives); 0 leaves that to both systems
NEWSCRAWL_SILENCE_TIMEOUT = 30.0
# Most rows claimed from the database at a time
NEWSCRAWL_WINDOW = 64
# Most tag and author pages a run visits; they wait until all else is done
NEWSCRAWL_MAX_TAG_PAGES = 50
# Shortest time between two visits to an article, in seconds
NEWSCRAWL_REVISIT_MIN = 6 * 3600.0
# Longest time between two visits to an article, in seconds
NEWSCRAWL_REVISIT_MAX = 90 * 86400.0
# Most pages that are due which a run queues again: sections and sources, then the longest overdue
NEWSCRAWL_MAX_REVISITS = 5000
# Answers of a site in a row, each the first of its page, that bring no new article; after so many the
# run is over with that site and says of which shape they were. 0 for no limit. The longest listing
# that is followed has 10,000 pages, and all may list what is known by others
NEWSCRAWL_MAX_BARREN = 10_000

DOWNLOADER_MIDDLEWARES = {
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "newscrawl.middlewares.robots.RobotsMiddleware": 100,
    "newscrawl.middlewares.shapes.TrapMiddleware": 120,
    "newscrawl.middlewares.revalidation.RevalidationMiddleware": 150,
    "scrapy_poet.InjectionMiddleware": None,
    "newscrawl.middlewares.injection.PageMiddleware": 543,
    "newscrawl.middlewares.refresh.RefreshMiddleware": 550,
    "newscrawl.middlewares.guard.GuardMiddleware": 560,
    "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": None,
    "newscrawl.middlewares.unpacking.UnpackingMiddleware": 590,
    "scrapy.downloadermiddlewares.redirect.RedirectMiddleware": None,
    "newscrawl.middlewares.redirect.LedgerRedirectMiddleware": 600,
    "newscrawl.middlewares.cookies.CookieWallMiddleware": 610,
    "newscrawl.middlewares.archive.ArchiveMiddleware": 950,  # what it sees is still packed
    "scrapy.downloadermiddlewares.redirect.MetaRefreshMiddleware": None,
}
SPIDER_MIDDLEWARES = {
    "newscrawl.middlewares.addresses.NamedMiddleware": 5,
    "newscrawl.middlewares.ledger.LedgerMiddleware": 10,
}
SCRAPY_POET_DISCOVER = ["newscrawl.pages"]
SCRAPY_POET_TESTS_ADAPTER = "newscrawl.pages.recorded.RecordedItem"
SCRAPY_POET_TESTS_DIR = "fixtures"

# The way of an item
ITEM_PIPELINES = {
    "newscrawl.pipelines.clean.CleanPipeline": 100,
    "newscrawl.pipelines.validate.ValidatePipeline": 200,
    "newscrawl.pipelines.dedupe.DedupePipeline": 300,
    "newscrawl.pipelines.limit.LimitPipeline": 400,
    "newscrawl.pipelines.images.ArticleImagesPipeline": 450,
    "newscrawl.pipelines.store.StorePipeline": 500,
}
# A folder where the pictures of articles are kept (extra images); empty fetches none
NEWSCRAWL_IMAGES_STORE = ""
# Articles with fewer words of text are rejected as TooShort
NEWSCRAWL_MIN_WORDS = 50
# Among which articles a story is told once: those of its site, or all in the database. After a
# change run newscrawl dedupe
NEWSCRAWL_DEDUPE_SCOPE = "site"
DEFAULT_DROPITEM_LOG_LEVEL = "DEBUG"  # every drop has an outcome
FEED_EXPORT_ENCODING = "utf-8"
FEED_EXPORTERS = {"csv": "newscrawl.exporters.feeds.CsvFeed"}

EXTENSIONS_BASE = {
    path: place
    for path, place in default_settings.EXTENSIONS_BASE.items()
    if path
    != "scrapy.extensions.remote_control.RemoteControl"  # it loads an HTTP server, on or off
}
EXTENSIONS = {
    "newscrawl.extensions.remote.RemoteExtension": 0,
    "newscrawl.extensions.garbage.GarbageExtension": 0,
    "newscrawl.extensions.timers.TimersExtension": 0,
    "scrapy.extensions.memusage.MemoryUsage": None,
    "newscrawl.extensions.memory.MemoryExtension": 10,
    "scrapy.extensions.logstats.LogStats": None,
    "newscrawl.extensions.progress.ProgressExtension": 100,
    "newscrawl.politeness.politeness.PolitenessExtension": 150,
    "newscrawl.extensions.ending.EndingExtension": 160,
    "newscrawl.politeness.gaps.GapsExtension": 200,
    "newscrawl.extensions.monitors.MonitorsExtension": 500,
}

# Each run against the site's own earlier runs
SPIDERMON_ENABLED = True
SPIDERMON_SPIDER_CLOSE_MONITORS = ["newscrawl.extensions.monitors.OwnHistorySuite"]
# An http or https URL to which alarms are posted as JSON, also from the environment variable of
# that name; empty posts none
NEWSCRAWL_ALARM_WEBHOOK = os.environ.get("NEWSCRAWL_ALARM_WEBHOOK", "")
SPIDERMON_EMAIL_TO = os.environ.get("SPIDERMON_EMAIL_TO", "")
SPIDERMON_EMAIL_SENDER = os.environ.get("SPIDERMON_EMAIL_SENDER", "")
SPIDERMON_SMTP_HOST = os.environ.get("SPIDERMON_SMTP_HOST", "")
SPIDERMON_SMTP_PORT = os.environ.get("SPIDERMON_SMTP_PORT", "25")
SPIDERMON_SMTP_USER = os.environ.get("SPIDERMON_SMTP_USER", "")
SPIDERMON_SMTP_PASSWORD = os.environ.get("SPIDERMON_SMTP_PASSWORD", "")
SPIDERMON_SMTP_ENFORCE_TLS = os.environ.get("SPIDERMON_SMTP_ENFORCE_TLS", "False")
SPIDERMON_SMTP_ENFORCE_SSL = os.environ.get("SPIDERMON_SMTP_ENFORCE_SSL", "False")

# The engine
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False
CONCURRENT_ITEMS = 2  # a task each is made for every answer, which seldom brings more items
LOG_LEVEL = "INFO"
# The log as JSON, one object a line, also from the environment variable of that name
NEWSCRAWL_LOG_JSON = os.environ.get("NEWSCRAWL_LOG_JSON", "False")
