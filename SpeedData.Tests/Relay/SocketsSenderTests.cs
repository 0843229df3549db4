using SpeedData.Core.Relay;

namespace SpeedData.Tests.Relay;

public sealed class SocketsSenderTests : SenderContract
{
    protected override IDatagramSender Create(StreamSocket socket) => new SocketsSender(socket);
}
