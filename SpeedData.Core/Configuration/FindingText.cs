using System.Text;

namespace SpeedData.Core.Configuration;

/// <summary>Formats findings as text, one line each, without characters that could forge another line or control a terminal.</summary>
internal static class FindingText
{
    private const int LongestValue = 200;

    public static string Line(string? channel, string key, string? value, string message)
    {
        var line = new StringBuilder();
        if (channel is not null)
            line.Append("channel ").Append(channel).Append(", ");
        line.Append(key);
        if (value is not null)
            line.Append(" = \"").Append(value.Length > LongestValue ? value[..LongestValue] + "…" : value).Append('"');
        line.Append(": ").Append(message);
        return OnOneLine(line);
    }

    private static string OnOneLine(StringBuilder line)
    {
        for (int i = 0; i < line.Length; i++)
        {
            if (char.IsControl(line[i]) || line[i] is '\u2028' or '\u2029')
                line[i] = ' ';
        }

        return line.ToString();
    }
}
