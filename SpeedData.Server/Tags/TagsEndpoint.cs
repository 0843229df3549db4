using System.Text.Json;
using SpeedData.Core.Reading;
using SpeedData.Core.Tags;
using SpeedData.Server.Http;

namespace SpeedData.Server.Tags;

/// <summary>Answers with tags, and changes them.</summary>
internal sealed class TagsEndpoint(TagKeeper keeper, TimeProvider time)
{
    private const int UsualLimit = 1000;

    // Requests wait here for their turn instead of blocking threads of the pool, which are few.
    private static readonly SemaphoreSlim Turn = new(1);

    public Task ListAsync(HttpContext context) => AnswerAsync(context, () =>
    {
        IQueryCollection query = context.Request.Query;
        var moments = new MomentText(time.GetUtcNow(), null);
        long? from = query["from"].FirstOrDefault() is { Length: > 0 } begin ? moments.Parse("from", begin) : null;
        long? to = query["to"].FirstOrDefault() is { Length: > 0 } end ? moments.Parse("to", end) : null;
        (string Key, string Value)[] labels = [.. query["label"].Select(label => TagRules.Label(label ?? ""))];
        var page = ListPage.Of(query, UsualLimit);
        TagReport[] newest = [.. After(page.After)
            .Where(report => report.Tag.Meets(from ?? long.MinValue, (to ?? long.MaxValue) - 1))
            .Where(report => Array.TrueForAll(labels, label => report.Tag.Labels.TryGetValue(label.Key, out string? value) && value == label.Value))];
        IReadOnlyList<TagReport> taken = page.Take(newest, report => report.Tag.Name, out string? next);
        var view = new TagListView([.. taken.Select(TagView.Of)], next, keeper.Totals.Bytes, keeper.Totals.MaxBytes);
        return Answer.WriteAsync(context, StatusCodes.Status200OK, view, TagViewJson.Readable.TagListView);
    });

    public Task GetAsync(HttpContext context) => AnswerAsync(context, () => WriteAsync(context, StatusCodes.Status200OK, keeper.Desk.Get(NameIn(context))));

    public async Task PutAsync(HttpContext context)
    {
        JsonElement? body = await TagBody.ReadAsync(context);
        await AnswerAsync(context, () =>
        {
            long now = keeper.Desk.NowNs;
            (TagReport report, bool isNew) = keeper.Desk.Put(NameIn(context), before =>
                TagBody.Over(before ?? new Tag(NameIn(context), now, null), body ?? throw new TagException(TagFault.Wrong, "Request body required: a JSON object with from, to, channels, labels, note, marks"), new MomentText(time.GetUtcNow(), null)));
            return ChangedAsync(context, isNew ? StatusCodes.Status201Created : StatusCodes.Status200OK, report);
        });
    }

    public Task DeleteAsync(HttpContext context) => AnswerAsync(context, () =>
        ChangedAsync(context, StatusCodes.Status200OK, keeper.Desk.Remove(NameIn(context), context.Request.Query["delete_data"] == "true")));

    public async Task StopAsync(HttpContext context)
    {
        JsonElement? body = await TagBody.ReadAsync(context);
        await AnswerAsync(context, () => ChangedAsync(context, StatusCodes.Status200OK, keeper.Desk.Stop(NameIn(context), TagBody.At(body, new MomentText(time.GetUtcNow(), null)) ?? keeper.Desk.NowNs)));
    }

    public async Task MarkAsync(HttpContext context)
    {
        JsonElement? body = await TagBody.ReadAsync(context);
        await AnswerAsync(context, () =>
        {
            long at = TagBody.At(body, new MomentText(time.GetUtcNow(), null)) ?? keeper.Desk.NowNs;
            return ChangedAsync(context, StatusCodes.Status201Created, keeper.Desk.Mark(NameIn(context), new TagMark(at, TagBody.Text(body)))[0]);
        });
    }

    /// <summary>Returns the tags after a name, newest first. The name is looked up among all tags, before any filter.</summary>
    private TagReport[] After(string? name)
    {
        TagReport[] all = [.. keeper.Desk.List().Reverse()];
        int last = name is null ? -1 : Array.FindIndex(all, report => report.Tag.Name == name);
        return name is null || last >= 0
            ? all[(last + 1)..]
            : throw new ReadingException($"after {name}: there is no such tag any more; read the list again from the beginning, without after");
    }

    private Task ChangedAsync(HttpContext context, int status, TagReport report)
    {
        keeper.Hasten();
        return WriteAsync(context, status, report);
    }

    private static Task WriteAsync(HttpContext context, int status, TagReport report) => Answer.WriteAsync(context, status, TagView.Of(report), TagViewJson.Readable.TagView);

    private static string NameIn(HttpContext context) => context.GetRouteValue("tag")?.ToString() ?? "";

    /// <param name="context">The request.</param>
    /// <param name="answer">Handles the request, then writes the answer.</param>
    private static async Task AnswerAsync(HttpContext context, Func<Task> answer)
    {
        try
        {
            Task writing;
            await Turn.WaitAsync(context.RequestAborted);
            try
            {
                writing = answer();
            }
            finally
            {
                Turn.Release();
            }

            await writing;
        }
        catch (TagException e)
        {
            await Answer.WriteErrorAsync(context, StatusOf(e.Fault), e.Message);
        }
        catch (LastCopyException e)
        {
            await Answer.WriteAsync(context, StatusCodes.Status409Conflict, new LastCopyView(e.Message, e.Copies), TagViewJson.Readable.LastCopyView);
        }
        catch (ReadingException e)
        {
            await Answer.WriteErrorAsync(context, StatusCodes.Status400BadRequest, e.Message);
        }
    }

    private static int StatusOf(TagFault fault) => fault switch
    {
        TagFault.Wrong => StatusCodes.Status400BadRequest,
        TagFault.Missing => StatusCodes.Status404NotFound,
        TagFault.Conflict => StatusCodes.Status409Conflict,
        _ => StatusCodes.Status503ServiceUnavailable,
    };
}
