using SpeedData.Core.Sockets;
using SpeedData.Server.Reporting;

namespace SpeedData.Tests.Server.Reporting;

public sealed class KernelDropCauseTests
{
    private HostUdpErrors? _counts = new HostUdpErrors(100, 50, 150);
    private KernelDropCause _cause = null!;

    [SetUp]
    public void Begin()
    {
        _counts = new HostUdpErrors(100, 50, 150);
        _cause = new KernelDropCause(() => _counts);
        _cause.Look();
    }

    [Test]
    public void A_larger_buffer_is_advised_when_a_queue_was_full() =>
        Assert.That(After(new HostUdpErrors(101, 50, 151)), Does.Contain("larger Receive:BufferBytes").And.Contain("212,992 bytes").And.Not.Contain("damaged"));

    [Test]
    public void No_larger_buffer_is_advised_for_damaged_datagrams() =>
        Assert.That(After(new HostUdpErrors(100, 53, 153)), Does.Contain("damaged (wrong checksum; 3 on the host").And.Contain("does not help").And.Not.Contain("may help"));

    [Test]
    public void No_cause_is_guessed_if_both_happened() =>
        Assert.That(After(new HostUdpErrors(107, 52, 159)), Does.Contain("7 datagrams that found a full buffer and 2 damaged ones").And.Not.Contain("help"));

    [Test]
    public void No_cause_is_guessed_if_the_kernel_does_not_count() =>
        Assert.That(After(null), Does.Contain("does not say why").And.Not.Contain("help"));

    [Test]
    public void Events_since_the_previous_check_count_and_older_ones_do_not()
    {
        string first = After(new HostUdpErrors(101, 50, 151));
        string second = After(new HostUdpErrors(101, 50, 151));
        string third = After(new HostUdpErrors(101, 50, 151));

        Assert.Multiple(() =>
        {
            Assert.That(first, Is.EqualTo(second).And.Contain("may help"));
            Assert.That(third, Does.Contain("does not say why"));
        });
    }

    [TestCase("Udp: InDatagrams NoPorts InErrors OutDatagrams RcvbufErrors SndbufErrors InCsumErrors", "Udp: 1 2 3 4 5 6 7", 5, 7, 3)]
    [TestCase("Udp: InCsumErrors InErrors RcvbufErrors", "Udp: 8 10 9", 9, 8, 10)]
    public void The_kernels_counters_are_found_by_name(string names, string numbers, long full, long damaged, long all) =>
        Assert.That(HostUdpErrors.Of(ProcCounters.Parse(["Tcp: RcvbufErrors", "Tcp: 1", names, numbers, "UdpLite: RcvbufErrors", "UdpLite: 3"], "Udp")), Is.EqualTo(new HostUdpErrors(full, damaged, all)));

    [TestCase("Udp: InDatagrams", "Udp: 1")]
    [TestCase("Udp: RcvbufErrors InCsumErrors", "Udp: 1 2")]
    [TestCase("Udp: RcvbufErrors InCsumErrors InErrors", "Udp: 1")]
    [TestCase("Udp: RcvbufErrors InCsumErrors InErrors", "Udp: 1 x 3")]
    public void A_kernel_without_these_counters_gives_no_counts(string names, string numbers) =>
        Assert.That(HostUdpErrors.Of(ProcCounters.Parse([names, numbers], "Udp")), Is.Null);

    [Test]
    public void Sockets_are_queried_only_if_the_host_has_counted_something()
    {
        var cause = new KernelDropCause(() => _counts);
        bool Look(HostUdpErrors? counts)
        {
            _counts = counts;
            cause.Look();
            return cause.MayHaveDropped;
        }

        Assert.Multiple(() =>
        {
            Assert.That(Look(new HostUdpErrors(100, 50, 150)), Is.True, "the first check");
            Assert.That(Look(new HostUdpErrors(100, 50, 150)), Is.False, "nothing new");
            Assert.That(Look(new HostUdpErrors(100, 50, 151)), Is.True, "one more");
            Assert.That(Look(null), Is.True, "a host that does not count");
        });
    }

    private string After(HostUdpErrors? counts)
    {
        _counts = counts;
        _cause.Look();
        return _cause.Text(212_992);
    }
}
