"""Are the tools of Scrapy at home here?"""
