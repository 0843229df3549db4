using SpeedData.Core.Native;
using CpuArchitecture = System.Runtime.InteropServices.Architecture;

namespace SpeedData.Tests.Native;

public sealed class PlatformTests
{
    [TestCase(CpuArchitecture.X64)]
    [TestCase(CpuArchitecture.Arm64)]
    public void Architectures_whose_system_calls_are_known_are_supported(CpuArchitecture architecture) =>
        Assert.That(Platform.LackOf(isLinux: true, architecture), Is.Null);

    [TestCase(CpuArchitecture.S390x)]
    [TestCase(CpuArchitecture.Ppc64le)]
    [TestCase(CpuArchitecture.Arm)]
    [TestCase(CpuArchitecture.RiscV64)]
    [TestCase(CpuArchitecture.X86)]
    public void Any_other_architecture_of_Linux_is_refused_by_name(CpuArchitecture architecture) =>
        Assert.That(Platform.LackOf(isLinux: true, architecture), Does.Contain($"{architecture}"));

    [Test]
    public void Outside_Linux_no_system_call_is_made_and_any_architecture_works() =>
        Assert.That(Platform.LackOf(isLinux: false, CpuArchitecture.S390x), Is.Null);

    [Test]
    public void This_machine_is_supported() => Assert.That(Platform.Lack, Is.Null);
}
