using System.Diagnostics;
using System.Net;
using System.Runtime.InteropServices;
using SpeedData.Core.Configuration;
using SpeedData.Core.Relay;

namespace SpeedData.Bench.EndToEnd;

/// <summary>Sends records of a scenario at its rate: sends all that are due, then sleeps for a millisecond.</summary>
internal sealed unsafe class Generator(Scenario scenario, IPAddress to, int port) : IDisposable
{
    private readonly IDatagramSender _sender = OperatingSystem.IsLinux() ? new BatchedSender(Open(to, port), () => null) : new SocketsSender(Open(to, port));
    private readonly byte* _message = (byte*)NativeMemory.AllocZeroed((nuint)(scenario.PerMessage * scenario.Bytes));
    private int _number;

    /// <summary>Sends for <paramref name="duration"/>, on the caller's thread.</summary>
    /// <returns>Number of datagrams sent, and datagrams per second.</returns>
    public (long Sent, double Rate) Run(TimeSpan duration)
    {
        long start = Stopwatch.GetTimestamp(), sent = 0, goal = (long)(scenario.Rate * duration.TotalSeconds);
        while (sent < goal)
        {
            long due = Math.Min(goal, (long)(Stopwatch.GetElapsedTime(start).TotalSeconds * scenario.Rate));
            for (; sent < due; sent += scenario.PerMessage)
                SendMessage();
            // The load is sent in steps of at least a millisecond.
            if (sent < goal && sent >= due)
                Thread.Sleep(TimeSpan.FromMilliseconds(1));
        }

        return (sent, sent / Stopwatch.GetElapsedTime(start).TotalSeconds);
    }

    public void Dispose()
    {
        _sender.Dispose();
        NativeMemory.Free(_message);
    }

    private static StreamSocket Open(IPAddress to, int port) => StreamSocket.Open("FullRate", new StreamOptions { Address = to, Port = port });

    private void SendMessage()
    {
        long now = (DateTime.UtcNow - DateTime.UnixEpoch).Ticks * 100;
        int length = scenario.PerMessage * scenario.Bytes;
        for (int at = 0; at < length; at += scenario.Bytes)
            BenchRecord.Write(new Span<byte>(_message + at, scenario.Bytes), now, _number++);
        _sender.Add(_message, length, scenario.Bytes);
        _sender.Flush();
    }
}
