using SpeedData.Core.Receive;

namespace SpeedData.Tests.Receive;

public sealed class SocketsReceiverTests : ReceiverContract
{
    protected override IDatagramReceiver Create(ReceiveSocket socket) => new SocketsReceiver(socket);
}
