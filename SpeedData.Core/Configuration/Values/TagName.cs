using System.Text;
using System.Text.RegularExpressions;

namespace SpeedData.Core.Configuration.Values;

/// <summary>Checks names of tags. A name must be a valid file name everywhere, including a disk that Windows reads.</summary>
public static partial class TagName
{
    /// <summary>A file name has at most 255 bytes, and the folder's name gets a prefix while it is deleted.</summary>
    public const int MostBytes = 200;

    private const int LongestPattern = 79;

    private const string Number = "{n}";

    public static bool IsValid(string name) => Name().IsMatch(name) && Encoding.UTF8.GetByteCount(name) <= MostBytes && !Device().IsMatch(name);

    /// <summary>Whether a pattern gives valid names. <c>{n}</c> may occur in it once, for a number.</summary>
    public static bool IsValidPattern(string pattern)
    {
        ArgumentNullException.ThrowIfNull(pattern);
        return pattern.Length <= LongestPattern
            && pattern.IndexOf(Number, StringComparison.Ordinal) == pattern.LastIndexOf(Number, StringComparison.Ordinal)
            && IsValid(pattern.Replace(Number, "1", StringComparison.Ordinal));
    }

    [GeneratedRegex(@"^[\p{L}\p{Nd}]([\p{L}\p{Nd}._-]{0,98}[\p{L}\p{Nd}_-])?\z")]
    private static partial Regex Name();

    [GeneratedRegex(@"^(CON|PRN|AUX|NUL|(COM|LPT)[0-9])(\.|\z)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Device();
}
