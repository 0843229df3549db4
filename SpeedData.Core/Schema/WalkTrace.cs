namespace SpeedData.Core.Schema;

/// <summary>Records the path of a walk. After a fault no step is left, so the path to the fault remains.</summary>
internal interface IWalkTrace
{
    /// <summary>True: the walk stops at every field, so that each can be named. False: it passes merged fields in one step.</summary>
    static abstract bool FieldByField { get; }

    void Enter(ref readonly Step field);

    void EnterItem(int index, ref readonly Step item);

    /// <summary>A union has chosen.</summary>
    void AtBranch(ref readonly Step branch);

    void AtKey();

    void AtValueOf(ReadOnlySpan<byte> key, ref readonly Step value);

    void Leave();
}

/// <summary>The hot path's trace: nothing.</summary>
internal readonly struct NoTrace : IWalkTrace
{
    public static bool FieldByField => false;

    public void Enter(ref readonly Step field)
    {
    }

    public void EnterItem(int index, ref readonly Step item)
    {
    }

    public void AtBranch(ref readonly Step branch)
    {
    }

    public void AtKey()
    {
    }

    public void AtValueOf(ReadOnlySpan<byte> key, ref readonly Step value)
    {
    }

    public void Leave()
    {
    }
}
