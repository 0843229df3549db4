using System.Text;

namespace SpeedData.Server.Inspect;

/// <summary>Writes text from possibly malicious files to a terminal. Control characters appear as �.</summary>
internal static class PlainText
{
    public static void Write(TextWriter output, IEnumerable<string> lines)
    {
        foreach (string line in lines)
            output.WriteLine(Of(line));
    }

    public static string Of(string line)
    {
        if (!line.AsSpan().ContainsAnyInRange('\0', '\u001F') && line.All(char.IsAscii))
            return line;
        var plain = new StringBuilder(line.Length);
        foreach (Rune rune in line.EnumerateRunes())
            plain.Append(IsHarmless(rune) ? rune.ToString() : "\uFFFD");
        return plain.ToString();
    }

    private static bool IsHarmless(Rune rune) => Rune.GetUnicodeCategory(rune) is not
        (System.Globalization.UnicodeCategory.Control or System.Globalization.UnicodeCategory.Format
        or System.Globalization.UnicodeCategory.LineSeparator or System.Globalization.UnicodeCategory.ParagraphSeparator);
}
