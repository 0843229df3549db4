using SpeedData.Core.Receive;

namespace SpeedData.Core.Replay;

/// <summary>
/// Which channels wait to be handed to the kernel. What goes to one address keeps its order always. Between addresses it does too,
/// except as fast as possible: there some neighbours of a channel leave together, since a datagram by itself costs the kernel
/// several times as much. One thread.
/// </summary>
/// <param name="outputs">Of the channels.</param>
/// <param name="isLoose">Whether channels with addresses of their own may overtake each other by a few datagrams.</param>
internal sealed class ReplayOrder(IReadOnlyList<RecordOutput> outputs, bool isLoose)
{
    /// <summary>Datagrams that another address may be ahead or behind.</summary>
    public const int MostApart = 64;

    private readonly List<int> _waiting = [];
    private int _records;

    /// <summary>A record of the channel follows: what must leave before it does.</summary>
    public void Use(int channel)
    {
        if (_waiting.Count > 1 && _records >= MostApart)
            Flush();
        for (int i = _waiting.Count - 1; i >= 0; i--)
        {
            int other = _waiting[i];
            if (other == channel || (isLoose && !outputs[other].SharesWay(outputs[channel])))
                continue;
            outputs[other].Flush();
            _waiting.RemoveAt(i);
        }

        if (!_waiting.Contains(channel))
            _waiting.Add(channel);
        _records++;
    }

    /// <summary>Hands all that waits to the kernel.</summary>
    public void Flush()
    {
        foreach (int channel in _waiting)
            outputs[channel].Flush();
        _waiting.Clear();
        _records = 0;
    }
}
