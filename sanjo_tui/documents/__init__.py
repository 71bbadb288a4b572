"""The printed page: fonts, a declarative sheet in millimetres, and one module a document.

    content = roster.Roster(heading=Heading(...), rows=rows)
    pdf = roster.render(content)               # Pdf(data, pages, issues)

Importing a document is light; ReportLab and the fonts load at the first page (`paper.warm()` does it ahead of time).
Rows come masked and filtered from receptions/; what is on paper is decided there, how it looks is decided here.
"""
