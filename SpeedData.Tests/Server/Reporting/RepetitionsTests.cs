using Microsoft.Extensions.Time.Testing;
using SpeedData.Server.Reporting;

namespace SpeedData.Tests.Server.Reporting;

public sealed class RepetitionsTests
{
    private static readonly FaultKey Key = new("example", "receive", "socket closed");

    private FakeTimeProvider _time = null!;
    private Repetitions _repetitions = null!;

    [SetUp]
    public void Begin()
    {
        _time = new FakeTimeProvider();
        _repetitions = new Repetitions(_time, perChannel: 3, perProcess: 5);
    }

    [Test]
    public void A_count_in_the_detail_is_not_reported_again_as_a_repetition()
    {
        _repetitions.IsNews(Key, 500, inDetail: 500);
        _repetitions.IsNews(Key, 20, inDetail: 20);

        Assert.That(_repetitions.Rest(), Is.EqualTo(new[] { new Repetition(Key, 20) }));
    }

    [Test]
    public void A_fault_is_new_only_once()
    {
        Assert.Multiple(() =>
        {
            Assert.That(_repetitions.IsNews(Key, 1), Is.True);
            Assert.That(_repetitions.IsNews(Key, 1), Is.False);
            Assert.That(_repetitions.IsNews(Key with { Reason = "other" }, 1), Is.True);
            Assert.That(_repetitions.Due(), Is.Empty);
        });
    }

    [Test]
    public void Repetitions_are_reported_once_a_minute_with_their_count()
    {
        _repetitions.IsNews(Key, 1);
        _repetitions.IsNews(Key, 4);
        _time.Advance(TimeSpan.FromSeconds(59));
        IReadOnlyList<Repetition> early = _repetitions.Due();
        _repetitions.IsNews(Key, 2);
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Multiple(() =>
        {
            Assert.That(early, Is.Empty);
            Assert.That(_repetitions.Due(), Is.EqualTo(new[] { new Repetition(Key, 6) }));
            Assert.That(_repetitions.Due(), Is.Empty);
        });
    }

    [Test]
    public void After_a_quiet_minute_a_fault_is_new_again()
    {
        _repetitions.IsNews(Key, 1);
        _time.Advance(TimeSpan.FromMinutes(1));
        IReadOnlyList<Repetition> quiet = _repetitions.Due();

        Assert.Multiple(() =>
        {
            Assert.That(quiet, Is.Empty);
            Assert.That(_repetitions.IsNews(Key, 1), Is.True);
        });
    }

    [Test]
    public void A_channel_with_too_many_faults_is_reported_in_one_line_and_leaves_room_for_others()
    {
        bool[] news = [.. Enumerable.Range(0, 10).Select(i => _repetitions.IsNews(Key with { Source = $"10.0.0.{i}" }, 2))];
        bool other = _repetitions.IsNews(Key with { Channel = "other" }, 1);
        _time.Advance(TimeSpan.FromMinutes(1));
        Repetition[] due = [.. _repetitions.Due()];

        Assert.Multiple(() =>
        {
            Assert.That(news.Count(n => n), Is.EqualTo(3));
            Assert.That(other, Is.True);
            Assert.That(due[^1], Is.EqualTo(new Repetition(new FaultKey("example", "", ""), 14)));
            Assert.That(due, Has.Length.EqualTo(4));
        });
    }

    [Test]
    public void The_lines_per_minute_are_bounded_however_long_a_flood_of_senders_lasts()
    {
        var lines = new List<int>();
        for (int minute = 0; minute < 20; minute++)
        {
            int told = 0;
            for (int i = 0; i < 200; i++)
                told += _repetitions.IsNews(new FaultKey($"channel-{i % 20}", $"sender-{minute}-{i}", "invalid"), 2) ? 1 : 0;
            _time.Advance(TimeSpan.FromMinutes(1));
            lines.Add(told + _repetitions.Due().Count);
        }

        Assert.That(lines, Is.All.LessThanOrEqualTo(15));
    }

    [Test]
    public void At_the_end_everything_unreported_is_reported_immediately()
    {
        _repetitions.IsNews(Key, 3);

        Assert.That(_repetitions.Rest(), Is.EqualTo(new[] { new Repetition(Key, 2) }));
    }
}
