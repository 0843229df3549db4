using System.Globalization;
using SpeedData.Core.Reading;

namespace SpeedData.Server.Reading;

/// <summary>Reads <c>--array-columns NAME=N</c>: arrays whose items become columns.</summary>
internal static class ArrayChoice
{
    private const int Most = 10_000;

    /// <exception cref="ReadingException">A value does not have the form NAME=N.</exception>
    public static IReadOnlyDictionary<string, int> Of(IReadOnlyList<string> given)
    {
        var choice = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (string text in given)
        {
            int equals = text.LastIndexOf('=');
            if (equals <= 0 || !int.TryParse(text.AsSpan(equals + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int columns) || columns is < 1 or > Most)
                throw new ReadingException($"--array-columns {text}: use NAME=N with N from 1 to {Most:N0}, for example position=3");
            choice[text[..equals]] = columns;
        }

        return choice;
    }
}
