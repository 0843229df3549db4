namespace SpeedData.Core.Decimate;

/// <summary>Where a decimator's datagrams go. The memory stays as it is until the batch is flushed.</summary>
public unsafe delegate void DatagramSink(byte* payload, int length, int segmentSize);

/// <summary>The last datagram of every window, as it came.</summary>
/// <param name="factor">Datagrams per window, at least 1.</param>
/// <param name="sink">Gets the datagrams.</param>
public sealed unsafe class Downsampler(int factor, DatagramSink sink) : IDecimator
{
    private int _inWindow;

    public void Add(byte* payload, int length, int segmentSize)
    {
        int count = (length + segmentSize - 1) / segmentSize;
        for (long last = factor - 1 - _inWindow; last < count; last += factor)
        {
            int at = (int)last * segmentSize;
            int size = Math.Min(segmentSize, length - at);
            sink(payload + at, size, size);
        }

        _inWindow = (int)(((long)_inWindow + count) % factor);
    }
}
