namespace SpeedData.Core.Configuration;

/// <summary>The cost of changing a key while the channel runs.</summary>
/// <param name="Replaces">What is replaced, in words.</param>
/// <param name="When">When the new value takes effect.</param>
/// <param name="Cost">The cost in words.</param>
public sealed record KeyCost(string Replaces, string When, string Cost)
{
    private static readonly (KeyEffects Effect, string Name)[] Names =
    [
        (KeyEffects.ReceiveSocket, "receive socket"),
        (KeyEffects.Writer, "writer"),
        (KeyEffects.Check, "decimation window"),
        (KeyEffects.FullSocket, "socket of the full stream"),
        (KeyEffects.DecimatedSocket, "socket of the decimated stream"),
        (KeyEffects.Retention, "retention"),
        (KeyEffects.Sources, "allowed sources"),
        (KeyEffects.Rejects, "keeping of refused datagrams"),
        (KeyEffects.NextFile, "nothing"),
    ];

    public static KeyCost Of(KeyEffects effects) => new(
        string.Join(", ", Names.Where(part => effects.HasFlag(part.Effect)).Select(part => part.Name)) is { Length: > 0 } parts ? parts : "nothing",
        WhenOf(effects),
        CostOf(effects));

    private static string WhenOf(KeyEffects effects) =>
        effects.HasFlag(KeyEffects.ReceiveSocket) ? "at once for what arrives; the queue of the old socket is read first"
        : effects.HasFlag(KeyEffects.NextFile) ? "with the next file"
        : (effects & ~KeyEffects.Retention) != 0 ? "with the next datagram"
        : effects.HasFlag(KeyEffects.Retention) ? "within a second"
        : "at the next fault or list of runs";

    private static string CostOf(KeyEffects effects)
    {
        List<string> costs = [];
        if (effects.HasFlag(KeyEffects.ReceiveSocket))
            costs.Add("on a group, datagrams that arrive while the new socket joins, usually less than 1 ms");
        if (effects.HasFlag(KeyEffects.Writer))
            costs.Add("the file ends and a new one begins");
        if (effects.HasFlag(KeyEffects.Check))
            costs.Add("the open decimation window is sent with what it has");
        if (effects.HasFlag(KeyEffects.Rejects))
            costs.Add("the file of refused datagrams ends and a new one begins");
        return costs.Count > 0 ? string.Join("; ", costs) : "nothing";
    }
}
