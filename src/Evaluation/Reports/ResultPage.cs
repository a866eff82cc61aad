using System.Net;
using System.Text;

namespace HunyuanPortrait.Evaluation.Reports;

/// <summary>Table and pictures as one page for a browser.</summary>
public static class ResultPage
{
    /// <summary>The page.</summary>
    /// <param name="report">The figures.</param>
    /// <param name="sheet">File name of the picture sheet, beside the page.</param>
    public static string Html(EvaluationReport report, string sheet)
    {
        var page = new StringBuilder();
        page.Append("<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Evaluation</title>")
            .Append("<style>body{font:15px/1.5 system-ui,sans-serif;margin:2rem}table{border-collapse:collapse}td,th{padding:.2rem .7rem;text-align:right}")
            .Append("td:first-child{text-align:left}tr{border-bottom:1px solid #ddd}.missed{color:#b00}ol{columns:2}</style>")
            .Append($"<h1>{Text(report.Evaluated.Name)}</h1><p>{Text(FigureTable.Lines(report).First())}</p>");
        page.Append("<table><tr>").Append(Cells("th", FigureTable.Headings)).Append("</tr>");
        foreach (var row in FigureTable.Rows(report))
            page.Append("<tr>").Append(Cells("td", row)).Append("</tr>");
        page.Append("</table><h2>Targets</h2><ul>");
        foreach (var line in FigureTable.Lines(report).Skip(1 + 1 + FigureTable.Rows(report).Count))
            page.Append(line.StartsWith("missed", StringComparison.Ordinal) ? "<li class=\"missed\">" : "<li>").Append(Text(line)).Append("</li>");
        return page.Append("</ul><h2>Pictures</h2><p>Columns: ").Append(Text(string.Join(" | ", PictureSheet.Captions)))
            .Append($"</p><img src=\"{sheet}\" alt=\"Picture sheet\"></html>\n").ToString();
    }

    private static string Cells(string tag, IEnumerable<string> texts) => string.Concat(texts.Select(text => $"<{tag}>{Text(text)}</{tag}>"));

    private static string Text(string text) => WebUtility.HtmlEncode(text);
}
