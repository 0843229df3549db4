using SpeedData.Core.Native;

namespace SpeedData.Core.Relay;

/// <summary>Hands messages to the kernel, and waits while it has no room for them.</summary>
internal static unsafe class PatientSend
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100), DeviceRest = TimeSpan.FromMilliseconds(1);

    public static SendMessages To(int socket, CancellationToken stop) => (messages, count) =>
    {
        while (true)
        {
            int sent = MessageCalls.Send(socket, messages, count, MessageCalls.DontWait);
            if (sent is not (-Errno.Again or -Errno.NoBufferSpace) || stop.IsCancellationRequested)
                return sent;
            if (sent == -Errno.Again)
                Poll.ForWriting(socket, Look);
            else
                // The device's queue is full. No socket reports when it has room again.
                Sleep.For(DeviceRest);
        }
    };
}
