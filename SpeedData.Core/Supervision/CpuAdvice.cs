using Microsoft.Extensions.Logging;
using SpeedData.Core.Configuration;
using SpeedData.Core.Threading;

namespace SpeedData.Core.Supervision;

/// <summary>Warns if a channel's threads are configured for a CPU that this process may not use.</summary>
internal static class CpuAdvice
{
    public static void Consider(ChannelOptions options, ILogger log)
    {
        foreach ((string key, int? cpu) in new[] { ("ReceiveCpu", options.Threads.ReceiveCpu), ("WriterCpu", options.Threads.WriterCpu) })
        {
            if (cpu is { } wanted && !CpuSet.Allows(wanted))
                log.LogWarning("Channel {Channel}: Threads:{Key} = {Cpu}: this process may not run on that CPU; the thread stays unpinned", options.Name, key, wanted);
        }
    }
}
