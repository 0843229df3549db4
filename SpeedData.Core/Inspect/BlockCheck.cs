using SpeedData.Core.Container;
using SpeedData.Core.Schema;

namespace SpeedData.Core.Inspect;

/// <summary>The result of checking a block's data.</summary>
/// <param name="Records">Complete records from the start of the block, at most the stated number.</param>
/// <param name="Length">Length of these records in decoded bytes.</param>
/// <param name="Last">Offset of the last of these records in the decoded data.</param>
/// <param name="Fault">The kind of fault; null if the block is intact.</param>
/// <param name="Why">A description of the fault; empty if the block is intact.</param>
internal readonly record struct BlockVerdict(long Records, int Length, int Last, FindingKind? Fault, string Why)
{
    public bool IsGood => Fault is null;
}

/// <summary>
/// Checks blocks, as far as the file's codec and schema are known: decodes them and measures their records. Never throws, whatever the
/// bytes. One thread.
/// </summary>
internal sealed class BlockCheck
{
    /// <summary>
    /// In a larger record, only the kind of the fault is reported, because finding the field's name would allocate a string per field.
    /// </summary>
    private const int LongestExplained = 4 << 20;

    private readonly BlockDecoder? _decoder;

    public BlockCheck(ContainerHeader header)
    {
        _decoder = BlockDecoder.For(header.Codec);
        try
        {
            Layout = FileSchema.Compile(header.Schema ?? throw new SchemaException($"the header has no {ContainerHeader.SchemaKey} in UTF-8"));
        }
        catch (SchemaException e)
        {
            SchemaFault = e.Message;
        }

        Time = Layout is null ? null : TimeField.Of(Layout, header.Text(TimeField.HeaderKey));
    }

    /// <summary>The record layout; null if the schema cannot be used.</summary>
    public RecordLayout? Layout { get; }

    /// <summary>The field with the device's time; null for none.</summary>
    public TimeField? Time { get; }

    /// <summary>Why the schema cannot be used; null if it can.</summary>
    public string? SchemaFault { get; }

    public bool KnowsCodec => _decoder is not null;

    /// <summary>Whether data is stored without compression.</summary>
    public bool IsPlain => _decoder is { IsPlain: true };

    /// <summary>Whether records are checked.</summary>
    public bool LooksInside => _decoder is not null && Layout is not null;

    /// <param name="data">The complete data of a block as stored in the file.</param>
    /// <param name="stated">The number of records that the block states.</param>
    /// <param name="decoded">
    /// The decoded data, as far as it can be decoded. Valid until the next call, or as long as <paramref name="data"/>.
    /// </param>
    public BlockVerdict Check(ReadOnlySpan<byte> data, long stated, out ReadOnlySpan<byte> decoded)
    {
        decoded = default;
        if (!LooksInside || (stated == 0 && data.IsEmpty))
            return new BlockVerdict(stated, 0, 0, null, "");
        DecodeOutcome outcome = _decoder!.Decode(data, out decoded);
        RecordCount count = RecordCount.Of(Layout!, decoded, stated);
        (FindingKind? fault, string why) = outcome != DecodeOutcome.Whole ? Undecodable(outcome, decoded.Length, count)
            : count.Records < stated ? (FindingKind.BadRecord, Missing(decoded, stated, count))
            : count.Length < decoded.Length ? (FindingKind.LeftoverBytes, $"{decoded.Length - count.Length:N0} bytes follow the {stated:N0} records that the block states")
            : ((FindingKind?)null, "");
        return new BlockVerdict(count.Records, count.Length, count.Last, fault, why);
    }

    /// <summary>Counts complete records from the start, whatever number is stated.</summary>
    /// <param name="data">Bytes as stored in the file, possibly only part of a block.</param>
    /// <param name="most">The most records to count.</param>
    /// <param name="decoded">The decoded bytes, as far as they can be decoded.</param>
    /// <param name="isExact">Whether the decoded bytes consist of exactly these records.</param>
    public RecordCount Count(ReadOnlySpan<byte> data, long most, out ReadOnlySpan<byte> decoded, out bool isExact)
    {
        DecodeOutcome outcome = _decoder!.Decode(data, out decoded);
        RecordCount count = RecordCount.Of(Layout!, decoded, most);
        isExact = outcome == DecodeOutcome.Whole && count.Length == decoded.Length;
        return count;
    }

    private (FindingKind Fault, string Why) Undecodable(DecodeOutcome outcome, int decoded, in RecordCount count)
    {
        string codec = _decoder!.Codec;
        return outcome switch
        {
            DecodeOutcome.TooLarge => (FindingKind.TooLarge, $"the block's data decodes to more than {BlockDecoder.MaxDecoded:N0} bytes, the most that is checked"),
            DecodeOutcome.Trailing => (FindingKind.BadData, $"bytes follow the end of the block's {codec} data"),
            DecodeOutcome.Truncated => (FindingKind.BadData, $"the block's {codec} data ends too early, after {decoded:N0} bytes with {count.Records:N0} whole records"),
            _ => (FindingKind.BadData, $"the block's data is not {codec} after {decoded:N0} bytes with {count.Records:N0} whole records"),
        };
    }

    private string Missing(ReadOnlySpan<byte> decoded, long stated, in RecordCount count)
    {
        ReadOnlySpan<byte> rest = decoded[count.Length..];
        string which = $"record {count.Records + 1:N0} of {stated:N0}, {count.Length:N0} bytes into the block's records";
        if (rest.IsEmpty)
            return $"the block states {stated:N0} records and holds {count.Records:N0}";
        if (rest.Length > LongestExplained || Layout!.FixedSize is not null)
            return $"{which}: {count.Fault}, with {rest.Length:N0} bytes left";
        RecordFault fault = Layout.Explain(rest);
        return fault.FieldPath.Length == 0 ? $"{which}: {fault.Reason}" : $"{which}: field '{fault.FieldPath}': {fault.Reason}";
    }
}
