using SpeedData.Core.Reading.Catalogue;
using SpeedData.Core.Schema;

namespace SpeedData.Core.Reading.Columns;

/// <summary>A signal that joins the definitions of several files.</summary>
internal sealed record MergedSignal(string Name, ColumnKind Kind, bool IsNullable, string? Unit, bool IsOnlyNull, string File)
{
    /// <summary>The type of a list's items; null for other signals.</summary>
    public ColumnSpec? Item { get; init; }

    public ColumnSpec Spec(string name) => new(name, Kind, IsNullable, Unit, Item);

    /// <summary>Returns the column name of an array item.</summary>
    public static string ItemName(string array, int item) => $"{array}.{item}";

    /// <summary>
    /// Joins the schemas of files. An int widens to long and a float to double. A signal that a file lacks is null there.
    /// </summary>
    /// <param name="heads">The first file of each schema.</param>
    /// <param name="choice">The selected signals.</param>
    /// <param name="hasChannel">Whether a column contains the channel's name.</param>
    /// <exception cref="ReadingException">The types of a signal cannot be joined, or no signal has a selected name.</exception>
    public static TableShape Join(IReadOnlyList<FileHead> heads, FieldChoice choice, bool hasChannel)
    {
        if (heads.Count == 0)
            throw new ReadingException("there are no readable recordings there");
        var names = new List<string>();
        var merged = new Dictionary<string, MergedSignal>(StringComparer.Ordinal);
        foreach (FileHead head in heads)
            Add(head, choice, names, merged, isFirst: head == heads[0]);
        if (choice.ArrayColumns.Keys.FirstOrDefault(name => !names.Contains(ItemName(name, 0))) is { } other)
            throw new ReadingException($"--array-columns {other}: no selected signal is an array of that name");
        if (choice.Unused.FirstOrDefault(name => heads.All(head => head.Time?.Name != name) && !(hasChannel && name == TableShape.ChannelName)) is { } unused)
            throw new ReadingException($"no signal is called '{unused}'; there are {Known(heads)}");
        bool hasTime = heads.Any(head => head.Time is not null);
        bool isNullable = heads.Any(head => head.Time is not { UnitNs: 1 });
        return new TableShape([.. names.Select(name => merged[name])], hasTime, isNullable, hasChannel, choice.CutsArrays);
    }

    private static void Add(FileHead head, FieldChoice choice, List<string> names, Dictionary<string, MergedSignal> merged, bool isFirst)
    {
        IReadOnlyDictionary<string, string> units = SchemaUnits.Of(head.Schema!);
        var here = new HashSet<string>(StringComparer.Ordinal);
        foreach (MergedSignal signal in SignalsOf(head).Where(signal => choice.Wants(signal.Name)).SelectMany(signal => Columns(signal, units.GetValueOrDefault(signal.Name), choice, head.File.Path)))
        {
            if (!here.Add(signal.Name))
                throw new ReadingException($"{head.File.Path}: two fields are called '{signal.Name}'; export the records unchanged with --format avro");
            if (merged.TryGetValue(signal.Name, out MergedSignal? known))
            {
                merged[signal.Name] = known.With(signal);
                continue;
            }

            names.Add(signal.Name);
            merged.Add(signal.Name, signal with { IsNullable = signal.IsNullable || !isFirst });
        }

        foreach (string name in names.Where(name => !here.Contains(name)))
            merged[name] = merged[name] with { IsNullable = true };
    }

    private static IEnumerable<Signal> SignalsOf(FileHead head) => Signal.Of(head.Layout!).Where(signal => signal.Name != head.Time?.Name);

    private static IEnumerable<MergedSignal> Columns(Signal signal, string? unit, FieldChoice choice, string file)
    {
        var plain = new MergedSignal(signal.Name, signal.Kind, signal.IsNullable, unit, signal.Node.Type == AvroType.Null, file);
        bool isSpread = choice.ArrayColumns.TryGetValue(signal.Name, out int columns);
        if (Signal.ItemOf(signal.Node) is not { } item)
            return isSpread ? throw new ReadingException($"--array-columns {signal.Name}: it is not an array of plain values in {file}") : [plain];
        ColumnKind kind = Signal.KindOf(Signal.Optional(item) ?? item);
        if (isSpread)
            return Enumerable.Range(0, columns).Select(i => plain with { Name = ItemName(signal.Name, i), Kind = kind, IsNullable = true });
        return [choice.AsLists ? plain with { Kind = ColumnKind.List, Item = new ColumnSpec("item", kind, Signal.Optional(item) is not null) } : plain];
    }

    private MergedSignal With(MergedSignal other)
    {
        ColumnKind kind = IsOnlyNull ? other.Kind : other.IsOnlyNull ? Kind : Wider(Kind, other.Kind, other);
        ColumnSpec? item = Item is null || other.Item is null ? Item ?? other.Item : Item with { Kind = Wider(Item.Kind, other.Item.Kind, other), IsNullable = Item.IsNullable || other.Item.IsNullable };
        return this with { Kind = kind, Item = item, IsNullable = IsNullable || other.IsNullable, Unit = Unit ?? other.Unit, IsOnlyNull = IsOnlyNull && other.IsOnlyNull };
    }

    private ColumnKind Wider(ColumnKind one, ColumnKind two, MergedSignal other) => one == two ? one : (one, two) switch
    {
        (ColumnKind.Int32, ColumnKind.Int64) or (ColumnKind.Int64, ColumnKind.Int32) => ColumnKind.Int64,
        (ColumnKind.Float32, ColumnKind.Float64) or (ColumnKind.Float64, ColumnKind.Float32) => ColumnKind.Float64,
        _ => throw new ReadingException($"field '{Name}' is {Text(one)} in {File} and {Text(two)} in {other.File}, which do not fit in one column; leave it out with --fields, choose a range with only one of these types, or use --format avro, which writes one file per schema"),
    };

    private static string Text(ColumnKind kind) => kind switch
    {
        ColumnKind.Int32 => "an int",
        ColumnKind.Int64 => "a long",
        ColumnKind.Float32 => "a float",
        ColumnKind.Float64 => "a double",
        ColumnKind.List => "an array",
        ColumnKind.Json => "an array, map, record or union",
        _ => $"a {kind.ToString().ToLowerInvariant()}",
    };

    private static string Known(IReadOnlyList<FileHead> heads)
    {
        const int MostShown = 30;
        string[] all = [.. heads.SelectMany(SignalsOf).Select(signal => signal.Name).Distinct()];
        return string.Join(", ", all.Take(MostShown)) + (all.Length > MostShown ? $" and {all.Length - MostShown} more" : "");
    }
}
