Attribute VB_Name = "ZlxlServer"
Option Explicit
Option Private Module

' The one way from a cell to Python: the server object is kept, because finding it costs more than a call.
Private zl_server As Object
Private zl_until As Date

Public Function ZL_Call(ByVal name As String, ByVal arguments As Variant, ByVal caller As Variant) As Variant
    Dim again As Boolean, started As Date
    ZL_Call = CVErr(xlErrNA)
    If Now < zl_until Then Exit Function
    started = Now
    On Error GoTo failed
once_more:
    If zl_server Is Nothing Then Set zl_server = XLPy
    ZL_Call = CVErr(xlErrValue)
    ZL_Call = ZL_WithErrors(zl_server.CallUDF(ZL_MODULE, name, arguments, ZL_BookOf(caller), caller))
    Exit Function
failed:
    ' A server that ended is started once; one that does not start is left alone for ten seconds and
    ' ten times as long as it kept Excel waiting, so that a sheet full of functions does not stand still.
    If zl_server Is Nothing Then zl_until = Now + TimeSerial(0, 0, 10) + 10 * (Now - started)
    If again Or zl_server Is Nothing Then Exit Function
    again = True
    Set zl_server = Nothing
    ZL_Call = CVErr(xlErrNA)
    Resume once_more
End Function

Public Function ZL_WithErrors(ByVal result As Variant) As Variant
    ' Python has no error values: their texts come over, alone or in an array.
    Dim row As Long, column As Long, flat As Boolean
    If Not IsArray(result) Then
        ZL_WithErrors = ZL_AsError(result)
        Exit Function
    End If
    On Error Resume Next
    flat = (UBound(result, 2) < 0)
    If Err.Number <> 0 Then flat = True
    On Error GoTo 0
    For row = LBound(result, 1) To UBound(result, 1)
        If flat Then
            result(row) = ZL_AsError(result(row))
        Else
            For column = LBound(result, 2) To UBound(result, 2)
                result(row, column) = ZL_AsError(result(row, column))
            Next column
        End If
    Next row
    ZL_WithErrors = result
End Function

Private Function ZL_AsError(ByVal value As Variant) As Variant
    ZL_AsError = value
    If VarType(value) <> vbString Then Exit Function
    If value = "#N/A" Then ZL_AsError = CVErr(xlErrNA)
    If value = "#VALUE!" Then ZL_AsError = CVErr(xlErrValue)
End Function

Private Function ZL_BookOf(ByVal caller As Variant) As Workbook
    ' The workbook of the cell that asks, which need not be the one in front.
    If TypeName(caller) = "Range" Then
        Set ZL_BookOf = caller.Worksheet.Parent
    Else
        Set ZL_BookOf = ActiveWorkbook
    End If
End Function

Public Sub ZL_Awake()
    ' Python was just seen at work.
    zl_until = 0
End Sub

Public Function ZL_Further(ByVal folders As String) As String
    ' No folder means none: an empty one would be whatever folder Excel happens to be in.
    If folders <> "" Then ZL_Further = ";" & folders
End Function

Public Function ZL_Plain(ByVal name As String) As String
    ' A workbook's name that a shell would carry out is not given to one.
    If Not name Like "*[`$""\|]*" Then ZL_Plain = name
End Function
