"""What a browser shows of some HTML."""

from lxml import html as lxml_html
