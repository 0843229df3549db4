using Microsoft.Extensions.Logging;
using SpeedData.Core.Channels;
using SpeedData.Core.Configuration;

namespace SpeedData.Core.Supervision;

/// <summary>
/// Warns once per process that the kernel granted a smaller buffer than requested, and names the command that fixes it.
/// </summary>
internal sealed class BufferAdvice(ILogger log)
{
    private int _given;

    public void Consider(ChannelOptions options, PipelineGauges gauges)
    {
        if (gauges.ReceiveBufferBytes < options.Receive.BufferBytes)
            Give(options.Name, "Receive:BufferBytes", options.Receive.BufferBytes, gauges.ReceiveBufferBytes, "rmem_max");
        else if (gauges.FullSendBufferBytes < options.FullRate.BufferBytes)
            Give(options.Name, "FullRate:BufferBytes", options.FullRate.BufferBytes, gauges.FullSendBufferBytes.Value, "wmem_max");
        else if (gauges.DecimatedSendBufferBytes < options.Decimated.BufferBytes)
            Give(options.Name, "Decimated:BufferBytes", options.Decimated.BufferBytes, gauges.DecimatedSendBufferBytes.Value, "wmem_max");
    }

    private void Give(string channel, string key, int wanted, int granted, string limit)
    {
        if (Interlocked.Exchange(ref _given, 1) == 0)
            log.LogWarning("Channel {Channel}: {Key} = {Wanted} bytes requested, {Granted} granted; on the host: sysctl -w net.core.{Limit}={Wanted} (reported once; it may apply to other channels too)", channel, key, wanted, granted, limit, wanted);
    }
}
