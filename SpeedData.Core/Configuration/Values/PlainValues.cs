using System.Globalization;
using System.Text.RegularExpressions;

namespace SpeedData.Core.Configuration.Values;

/// <summary>Parses numbers, switches, choices and names.</summary>
internal static partial class PlainValues
{
    /// <summary>Parses a name: up to 64 characters that are a folder name on every file system and need no quoting anywhere.</summary>
    public static Parsed<string> Name(string text)
    {
        if (ChannelName().IsMatch(text) && !text.EndsWith('.'))
            return text;
        string suggestion = NotInNames().Replace(text, "_").Trim('.', '-');
        suggestion = suggestion[..Math.Min(64, suggestion.Length)].TrimEnd('.');
        return Parsed.Refuse<string>(
            "a name has 1 to 64 of A-Z a-z 0-9 _ . -, begins with a letter, a digit or _ and does not end in a dot, for example "
            + $"\"{(suggestion.Length == 0 ? "example" : suggestion)}\"");
    }

    public static Parsed<int> Port(string text) => TryNumber(text, 1, ushort.MaxValue, out int port)
        ? port
        : Parsed.Refuse<int>("a UDP port is a number from 1 to 65535");

    /// <summary>Parses a CPU's number; 1023 is the last that a cpu_set_t can hold.</summary>
    public static Parsed<int?> Cpu(string text) => TryNumber(text, 0, 1023, out int cpu)
        ? cpu
        : Parsed.Refuse<int?>("a CPU is a number from 0 to 1023, or none");

    public static ValueParser<int> Between(int min, int max) => text => TryNumber(text, min, max, out int number)
        ? number
        : Parsed.Refuse<int>(string.Create(CultureInfo.InvariantCulture, $"use a whole number from {min} to {max}"));

    public static Parsed<bool> Switch(string text) => bool.TryParse(text, out bool value)
        ? value
        : Parsed.Refuse<bool>("use true or false");

    /// <summary>Parses the name of an enum value in any case. Enum.TryParse would accept numbers and lists too.</summary>
    public static Parsed<T> OneOf<T>(string text, params ReadOnlySpan<T> choices)
        where T : struct, Enum
    {
        foreach (T choice in choices)
        {
            if (choice.ToString().Equals(text.Trim(), StringComparison.OrdinalIgnoreCase))
                return choice;
        }

        return Parsed.Refuse<T>(NoneOf(choices));
    }

    private static string NoneOf<T>(ReadOnlySpan<T> choices)
    {
        string[] names = new string[choices.Length];
        for (int i = 0; i < names.Length; i++)
            names[i] = $"{choices[i]}";
        return names.Length == 1 ? $"only {names[0]} exists so far" : $"use {string.Join(", ", names[..^1])} or {names[^1]}";
    }

    private static bool TryNumber(string text, int min, int max, out int number) =>
        int.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out number) && number >= min && number <= max;

    [GeneratedRegex(@"^[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}\z")]
    private static partial Regex ChannelName();

    [GeneratedRegex(@"[^A-Za-z0-9_.-]+")]
    private static partial Regex NotInNames();
}
