using System.Runtime.InteropServices;
using SpeedData.Core.Native;

namespace SpeedData.Tests.Native;

/// <summary>
/// The kernel's structures, byte by byte: sizes and offsets from a C compiler for 64-bit Linux (x64 and arm64, which agree).
/// The headers are bits/types/struct_iovec.h, bits/socket.h, netinet/in.h, linux/stat.h, bits/statvfs.h and linux/netlink.h.
/// </summary>
public sealed class StructLayoutTests
{
    [TestCase(typeof(IoVector), 16)]
    [TestCase(typeof(MessageHeader), 56)]
    [TestCase(typeof(BatchedMessage), 64)]
    [TestCase(typeof(ControlHeader), 16)]
    [TestCase(typeof(SocketAddressV4), 16)]
    [TestCase(typeof(FileCalls.StatX), 256)]
    [TestCase(typeof(FileCalls.StatVfs), 112)]
    [TestCase(typeof(NetlinkCalls.Address), 12)]
    [TestCase(typeof(TimeSpec), 16)]
    [TestCase(typeof(PollDescriptor), 8)]
    public void A_structure_has_the_size_of_the_kernels_structure(Type type, int bytes) => Assert.That(Marshal.SizeOf(type), Is.EqualTo(bytes));

    [TestCase(typeof(IoVector), nameof(IoVector.Base), 0)]
    [TestCase(typeof(IoVector), nameof(IoVector.Length), 8)]
    [TestCase(typeof(MessageHeader), nameof(MessageHeader.Name), 0)]
    [TestCase(typeof(MessageHeader), nameof(MessageHeader.NameLength), 8)]
    [TestCase(typeof(MessageHeader), nameof(MessageHeader.Vectors), 16)]
    [TestCase(typeof(MessageHeader), nameof(MessageHeader.VectorCount), 24)]
    [TestCase(typeof(MessageHeader), nameof(MessageHeader.Control), 32)]
    [TestCase(typeof(MessageHeader), nameof(MessageHeader.ControlLength), 40)]
    [TestCase(typeof(MessageHeader), nameof(MessageHeader.Flags), 48)]
    [TestCase(typeof(BatchedMessage), nameof(BatchedMessage.Header), 0)]
    [TestCase(typeof(BatchedMessage), nameof(BatchedMessage.Length), 56)]
    [TestCase(typeof(ControlHeader), nameof(ControlHeader.Length), 0)]
    [TestCase(typeof(ControlHeader), nameof(ControlHeader.Level), 8)]
    [TestCase(typeof(ControlHeader), nameof(ControlHeader.Type), 12)]
    [TestCase(typeof(SocketAddressV4), nameof(SocketAddressV4.Family), 0)]
    [TestCase(typeof(SocketAddressV4), nameof(SocketAddressV4.Port), 2)]
    [TestCase(typeof(SocketAddressV4), nameof(SocketAddressV4.Address), 4)]
    [TestCase(typeof(FileCalls.StatX), nameof(FileCalls.StatX.Uid), 20)]
    [TestCase(typeof(FileCalls.StatX), nameof(FileCalls.StatX.Mode), 28)]
    [TestCase(typeof(FileCalls.StatX), nameof(FileCalls.StatX.Inode), 32)]
    [TestCase(typeof(FileCalls.StatX), nameof(FileCalls.StatX.DeviceMajor), 136)]
    [TestCase(typeof(FileCalls.StatX), nameof(FileCalls.StatX.DeviceMinor), 140)]
    [TestCase(typeof(FileCalls.StatVfs), nameof(FileCalls.StatVfs.FragmentSize), 8)]
    [TestCase(typeof(FileCalls.StatVfs), nameof(FileCalls.StatVfs.Blocks), 16)]
    [TestCase(typeof(FileCalls.StatVfs), nameof(FileCalls.StatVfs.BlocksAvailable), 32)]
    [TestCase(typeof(TimeSpec), nameof(TimeSpec.Nanoseconds), 8)]
    [TestCase(typeof(PollDescriptor), nameof(PollDescriptor.Events), 4)]
    [TestCase(typeof(PollDescriptor), nameof(PollDescriptor.Answer), 6)]
    [TestCase(typeof(NetlinkCalls.Address), nameof(NetlinkCalls.Address.Family), 0)]
    [TestCase(typeof(NetlinkCalls.Address), nameof(NetlinkCalls.Address.Port), 4)]
    [TestCase(typeof(NetlinkCalls.Address), nameof(NetlinkCalls.Address.Groups), 8)]
    public void A_field_has_the_offset_that_the_kernel_expects(Type type, string field, int offset) =>
        Assert.That(Marshal.OffsetOf(type, field), Is.EqualTo((IntPtr)offset));
}
