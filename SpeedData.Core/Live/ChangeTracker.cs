using System.Globalization;
using System.Text;
using SpeedData.Core.Reading.Columns;

namespace SpeedData.Core.Live;

/// <summary>Detects when a signal changes and creates the changes to send. One thread.</summary>
/// <param name="signal">The signal.</param>
internal sealed class ChangeTracker(LiveSignal signal)
{
    /// <summary>The most changes of a signal in one round.</summary>
    public const int MostInARound = 20;

    private const int LongestText = 200;

    private byte[] _last = [];
    private int _lastLength = -1;
    private bool _isNull;
    private int _inRound;

    public LiveSignal Signal => signal;

    /// <summary>The current value; null before the first one.</summary>
    public Change? Latest { get; private set; }

    /// <summary>Changes of this round that exceeded the limit.</summary>
    public int Skipped { get; private set; }

    public void BeginRound() => (_inRound, Skipped) = (0, 0);

    /// <summary>Compares a record with the last value.</summary>
    /// <param name="columns">The columns that contain the record.</param>
    /// <param name="number">Index of the signal.</param>
    /// <param name="row">Row of the record.</param>
    /// <param name="isLast">Whether the record is the last of the round, which is always compared.</param>
    /// <param name="receivedNs">Time of receipt.</param>
    /// <returns>The change to send; null for none.</returns>
    public Change? Look(RecordColumns columns, int number, int row, bool isLast, long receivedNs)
    {
        if (!columns.Has(number))
            return null;
        if (signal.IsNumber)
            return isLast ? LookAtInteger(columns, number, row, receivedNs) : null;
        bool isNull = columns.IsNull(number, row);
        ReadOnlySpan<byte> value = isNull ? [] : columns.Bytes(number, row);
        if (_lastLength >= 0 && isNull == _isNull && value.SequenceEqual(_last.AsSpan(0, _lastLength)))
            return null;
        if (_inRound >= MostInARound && !isLast)
        {
            // The kept value is still the last one sent, so the last record of the round is compared with it.
            Skipped++;
            return null;
        }

        Keep(value, isNull);
        return Note(columns, row, receivedNs, value, isNull);
    }

    private void Keep(ReadOnlySpan<byte> value, bool isNull)
    {
        if (_last.Length < value.Length)
            _last = new byte[Math.Max(value.Length, 2 * _last.Length)];
        value.CopyTo(_last);
        (_lastLength, _isNull) = (value.Length, isNull);
    }

    private Change Note(RecordColumns columns, int row, long receivedNs, ReadOnlySpan<byte> value, bool isNull)
    {
        _inRound++;
        (ChangeKind kind, string text, int? length) = isNull ? (ChangeKind.Null, "", null)
            : signal.Kind == ColumnKind.Boolean ? (ChangeKind.Boolean, value[0] != 0 ? "true" : "false", null)
            : TextOf(value);
        return Latest = new Change(signal.Name, RowCells.Milliseconds(receivedNs), DeviceMs(columns, row), kind, text, length);
    }

    private (ChangeKind Kind, string Text, int? Length) TextOf(ReadOnlySpan<byte> value)
    {
        bool isBinary = signal.Kind == ColumnKind.Binary;
        // A character has at most four bytes in UTF-8, and a byte has two hexadecimal digits.
        ReadOnlySpan<byte> shown = value[..Math.Min(value.Length, isBinary ? LongestText / 2 : 4 * LongestText)];
        string text = isBinary ? Convert.ToHexStringLower(shown) : Encoding.UTF8.GetString(shown);
        if (text.Length > LongestText)
            text = text[..(char.IsHighSurrogate(text[LongestText - 1]) ? LongestText - 1 : LongestText)];
        bool isWhole = isBinary ? shown.Length == value.Length : Encoding.UTF8.GetByteCount(text) == value.Length;
        return (ChangeKind.Text, text, isWhole ? null : value.Length);
    }

    private Change? LookAtInteger(RecordColumns columns, int number, int row, long receivedNs)
    {
        string? text = columns.LargeInteger(number, row)?.ToString(CultureInfo.InvariantCulture);
        if (text is null || text == Latest?.Text)
            return null;
        return Latest = new Change(signal.Name, RowCells.Milliseconds(receivedNs), DeviceMs(columns, row), ChangeKind.Text, text, null);
    }

    private static double? DeviceMs(RecordColumns columns, int row) => columns.DeviceTime(row) is { } ns ? RowCells.Milliseconds(ns) : null;
}
