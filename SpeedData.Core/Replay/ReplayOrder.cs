using SpeedData.Core.Receive;

namespace SpeedData.Core.Replay;

/// <summary>
/// Decides when the pending datagrams of each channel are passed to the kernel. Datagrams to one address always keep their order. Datagrams
/// to different addresses keep it too, except at full speed: then the datagrams of a channel are passed in groups, because single ones cost
/// the kernel several times as much. One thread.
/// </summary>
/// <param name="outputs">The outputs of the channels.</param>
/// <param name="isLoose">Whether channels with different addresses may overtake each other by a few datagrams.</param>
internal sealed class ReplayOrder(IReadOnlyList<RecordOutput> outputs, bool isLoose)
{
    /// <summary>The most datagrams by which addresses may be apart.</summary>
    public const int MostApart = 64;

    private readonly List<int> _waiting = [];
    private int _records;

    /// <summary>Prepares for a record of a channel: flushes the channels whose datagrams must leave first.</summary>
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

    /// <summary>Passes all pending datagrams to the kernel.</summary>
    public void Flush()
    {
        foreach (int channel in _waiting)
            outputs[channel].Flush();
        _waiting.Clear();
        _records = 0;
    }
}
